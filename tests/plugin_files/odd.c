/* A plugin with one fault, chosen by ODD_*: what a host must refuse, each for its own reason. Without any it
 * is sound.
 */
#include <tributary/abi/plugin.h>
#include <tributary/abi/simulator.h>

#if defined(ODD_NO_ENTRY)
TRB_EXPORT int some_library(void);
int some_library(void) {
    return 1;
}
#else

static trb_status create(const trb_host* host, trb_str config, const trb_error_sink* error, void** self) {
    static const int instance = 1;
    (void)host;
    (void)config;
    (void)error;
    *self = (void*)&instance;
    return TRB_OK;
}
static trb_status start(void* self, const trb_error_sink* error) {
    (void)self;
#if defined(ODD_WILL_NOT_START)
    error->report(error->ctx, TRB_STR("no_mood"), TRB_STR("not today"), 0);
    return TRB_INVALID;
#else
    (void)error;
    return TRB_OK;
#endif
}
static void stop(void* self) {
    (void)self;
}

static trb_status tell(void* self, const trb_story_request* request, const trb_story_sink* sink,
                       const trb_error_sink* error) {
    (void)self;
    (void)request;
    (void)sink;
    (void)error;
    return TRB_NOT_FOUND;
}
static const trb_simulator_v1 simulator = {
#if defined(ODD_SHORT_TABLE)
    .struct_size = 16,
#else
    .struct_size = sizeof(trb_simulator_v1),
#endif
#if !defined(ODD_NULL_TABLE_FUNCTION)
    .tell = &tell,
#endif
    .story_stride = sizeof(trb_story),
};

static const void* get_extension(trb_str id) {
    (void)id;
#if defined(ODD_MISSING_EXTENSION)
    return (const void*)0;
#else
    return &simulator;
#endif
}

static const trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_SIMULATOR)};
static const trb_str requirements[] = {TRB_STR_INIT("tributary.host.teleport/1")};

static const trb_plugin descriptor = {
#if defined(ODD_SHORT_DESCRIPTOR)
    .struct_size = 64,
#elif defined(ODD_TINY_DESCRIPTOR)
    .struct_size = 4,
#else
    .struct_size = sizeof(trb_plugin),
#endif
#if defined(ODD_MAGIC)
    .magic = 0x4b434142u,
#else
    .magic = TRB_ABI_MAGIC,
#endif
#if defined(ODD_MAJOR)
    .abi_major = 7,
#else
    .abi_major = TRB_ABI_MAJOR,
#endif
    .abi_minor = TRB_ABI_MINOR,
    .id = TRB_STR_INIT("org.tributary.odd"),
    .short_name = TRB_STR_INIT("oddity"),
    .version = TRB_STR_INIT("1.0.0"),
    .vendor = TRB_STR_INIT("tests"),
    .extensions = extensions,
    .extension_count = 1,
#if defined(ODD_SERVICE)
    .requirements = requirements,
    .requirement_count = 1,
#else
    .requirements = requirements,
    .requirement_count = 0,
#endif
    .create = &create,
#if !defined(ODD_NULL_FUNCTION)
    .start = &start,
#endif
    .stop = &stop,
    .destroy = &stop,
    .get_extension = &get_extension,
};

#if defined(ODD_EXPORTS)
TRB_EXPORT int oops(void);
int oops(void) {
    return start((void*)0, (const trb_error_sink*)0);
}
#endif
const trb_plugin* tributary_plugin_entry(void) {
#if defined(ODD_NOTHING)
    return (const trb_plugin*)0;
#else
    return &descriptor;
#endif
}
#if defined(ODD_NULL_FUNCTION)
/* Used nowhere in this one. */
trb_status (*const odd_unused)(void*, const trb_error_sink*) = &start;
#endif
#endif
