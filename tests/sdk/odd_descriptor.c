/* A plugin that does nothing, with one fault in its descriptor for each macro that is defined. */
#include <tributary/abi/plugin.h>
#include <tributary/abi/sink.h>

#include <string.h>

#ifndef SHORT_NAME
#define SHORT_NAME "odd"
#endif
#ifndef VENDOR
#define VENDOR "Odd \"& Sons\"\n\t\\ \xC3\xB6"
#endif

static trb_status create(const trb_host* host, trb_str config, const trb_error_sink* error, void** self) {
    (void)config, (void)error;
    *self = (void*)host;
    return TRB_OK;
}
static trb_status start(void* self, const trb_error_sink* error) {
    return (void)self, (void)error, TRB_OK;
}
static void end(void* self) {
    (void)self;
}
static trb_status deliver(void* self, const trb_outgoing* message, const trb_outgoing_sink* sink,
                          const trb_error_sink* error) {
    return (void)self, (void)message, (void)sink, (void)error, TRB_OK;
}
static const void* get_extension(trb_str id) {
    static const trb_sink_v1 sink = {.struct_size = sizeof sink, .deliver = deliver};
#ifdef GIVES_ALL
    return id.size == 0 ? NULL : &sink;
#endif
    return id.size == sizeof TRB_EXT_SINK - 1 && memcmp(id.data, TRB_EXT_SINK, id.size) == 0 ? &sink : NULL;
}

const trb_plugin* tributary_plugin_entry(void) {
    static const trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_SINK), TRB_STR_INIT("org.example.more/1")};
    static const trb_migration migration = {sizeof migration, 2, TRB_STR_INIT("")};
    static trb_plugin plugin = {.struct_size = sizeof plugin,
                                .magic = TRB_ABI_MAGIC,
                                .abi_major = TRB_ABI_MAJOR,
                                .abi_minor = TRB_ABI_MINOR,
                                .id = TRB_STR_INIT(TRIBUTARY_PLUGIN_ID),
                                .short_name = TRB_STR_INIT(SHORT_NAME),
                                .version = TRB_STR_INIT("1.2.3"),
                                .vendor = TRB_STR_INIT(VENDOR),
                                .extensions = extensions,
                                .extension_count = 1,
                                .migrations = &migration,
                                .migration_stride = sizeof migration,
                                .create = create,
                                .start = start,
                                .stop = end,
                                .destroy = end,
                                .get_extension = get_extension};
#ifdef WRONG_MAGIC
    plugin.magic = 1;
#endif
#ifdef WRONG_ABI
    plugin.abi_minor = 9;
#endif
#ifdef LISTS_MORE
    plugin.extension_count = 2;
#endif
#ifdef NO_STOP
    plugin.stop = NULL;
#endif
#ifdef TOO_SHORT
    plugin.struct_size = 64;
#endif
#ifdef GAP
    plugin.migration_count = 1;
#endif
    return &plugin;
}
