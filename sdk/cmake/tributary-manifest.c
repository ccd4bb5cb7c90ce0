/* Writes the manifest of a plugin: loads the module once, on its author's machine, and says what its
 * descriptor says.
 *
 *   tributary-manifest MODULE SHA256 [--id ID] [--schema FILE]
 *
 * SHA256 is the module's digest, 64 lower-case hexadecimal digits. --id: fail when the descriptor names
 * another id. --schema: a JSON Schema of the plugin's configuration. Prints JSON; or, with exit status 1, one
 * sentence on standard error that says what is wrong with the descriptor.
 *
 * This is C11 and C++17 at once: a project has one of the two. It needs the headers of the SDK and -ldl.
 */
#include <tributary/abi/plugin.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { schema_bytes_max = 1 << 20, depth_max = 64, path_bytes_max = 4096 };

static const char* module_name = "";

static void fail(const char* what, const char* detail) {
    fprintf(stderr, "%s: %s%s%s\n", module_name, what, detail[0] == '\0' ? "" : ": ", detail);
    exit(1);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Length of the UTF-8 sequence that starts here, 0 when it is none. */
static uint64_t sequence(const char* text, uint64_t size) {
    const unsigned char first = (unsigned char)text[0];
    const uint64_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint64_t index;
    if (length == 0 || first > 0xF4 || length > size)
        return 0;
    for (index = 1; index < length; ++index)
        if (((unsigned char)text[index] & 0xC0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, and what is beyond Unicode. */
    if ((first == 0xE0 && (unsigned char)text[1] < 0xA0) ||
        (first == 0xED && (unsigned char)text[1] > 0x9F) ||
        (first == 0xF0 && (unsigned char)text[1] < 0x90) || (first == 0xF4 && (unsigned char)text[1] > 0x8F))
        return 0;
    return length;
}

static void need_text(trb_str text, const char* what) {
    uint64_t index = 0;
    if (text.data == NULL || text.size == 0)
        fail("the descriptor leaves empty", what);
    while (index < text.size) {
        const uint64_t length = sequence(text.data + index, text.size - index);
        if (length == 0)
            fail("not UTF-8 in the descriptor", what);
        index += length;
    }
}

static void print_text(trb_str text) {
    uint64_t index;
    putchar('"');
    for (index = 0; index < text.size; ++index) {
        const unsigned char byte = (unsigned char)text.data[index];
        if (byte == '"' || byte == '\\')
            printf("\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            printf("\\u%04x", (unsigned)byte);
        else
            putchar(byte);
    }
    putchar('"');
}

static void print_list(const char* name, const trb_str* first, uint64_t count) {
    uint64_t index;
    printf("  \"%s\": [", name);
    for (index = 0; index < count; ++index) {
        printf(index == 0 ? "" : ", ");
        print_text(first[index]);
    }
    printf("],\n");
}

static int equal(trb_str text, const char* other) {
    return text.size == strlen(other) && memcmp(text.data, other, strlen(other)) == 0;
}

/* ---- the schema: passed on as it is, once it is known to be JSON -------------------------------- */

static const char* skip_blanks(const char* at) {
    return at + strspn(at, " \t\r\n");
}

/* Each returns what follows, or NULL when it is not JSON. */
static const char* skip_string(const char* at) {
    for (++at; *at != '"'; ++at) {
        if ((unsigned char)*at < 0x20)
            return NULL;
        if (*at == '\\') {
            ++at;
            if (*at == 'u' && strspn(at + 1, "0123456789abcdefABCDEF") >= 4)
                at += 4;
            else if (*at == '\0' || strchr("\"\\/bfnrt", *at) == NULL)
                return NULL;
        }
    }
    return at + 1;
}

static const char* skip_number(const char* at) {
    const char* const digits = at + (*at == '-');
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || (count > 1 && *digits == '0'))
        return NULL;
    at = digits + count;
    if (*at == '.') {
        count = strspn(at + 1, "0123456789");
        if (count == 0)
            return NULL;
        at += 1 + count;
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        count = strspn(at, "0123456789");
        if (count == 0)
            return NULL;
        at += count;
    }
    return at;
}

static const char* skip_value(const char* at, int depth) {
    const char close = *at == '{' ? '}' : ']';
    if (depth > depth_max)
        return NULL;
    if (*at == '"')
        return skip_string(at);
    if (*at != '{' && *at != '[')
        return strncmp(at, "true", 4) == 0 || strncmp(at, "null", 4) == 0 ? at + 4
               : strncmp(at, "false", 5) == 0                             ? at + 5
                                                                          : skip_number(at);
    at = skip_blanks(at + 1);
    if (*at == close)
        return at + 1;
    for (;;) {
        if (close == '}') {
            at = *at == '"' ? skip_string(at) : NULL;
            at = at == NULL ? NULL : skip_blanks(at);
            if (at == NULL || *at != ':')
                return NULL;
            at = skip_blanks(at + 1);
        }
        at = skip_value(at, depth + 1);
        if (at == NULL)
            return NULL;
        at = skip_blanks(at);
        if (*at == close)
            return at + 1;
        if (*at != ',')
            return NULL;
        at = skip_blanks(at + 1);
    }
}

static void print_schema(const char* path) {
    static char text[schema_bytes_max + 1];
    FILE* const file = fopen(path, "rb");
    const char* end;
    const char* start;
    size_t size;
    if (file == NULL)
        fail("cannot read the schema", path);
    size = fread(text, 1, schema_bytes_max, file);
    if (ferror(file) || !feof(file) || strlen(text) != size)
        fail("the schema is longer than 1 MiB, or no text", path);
    fclose(file);
    start = skip_blanks(text);
    end = *start == '{' ? skip_value(start, 0) : NULL;
    if (end == NULL || *skip_blanks(end) != '\0')
        fail("the schema is not a JSON object", path);
    printf("  \"config_schema\": %.*s,\n", (int)(end - start), start);
}

/* ---- the descriptor -------------------------------------------------------------------------- */

static const trb_plugin* load(const char* path) {
    char located[path_bytes_max];
    trb_plugin_entry_fn entry;
    const trb_plugin* plugin;
    /* A name without a folder would be looked up among the system's libraries. */
    snprintf(located, sizeof located, "%s%s", strchr(path, '/') == NULL ? "./" : "", path);
    void* const module = dlopen(located, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL)
        fail("it cannot be loaded", dlerror());
    void* const symbol = dlsym(module, TRB_PLUGIN_ENTRY_NAME);
    if (symbol == NULL)
        fail("it does not export", TRB_PLUGIN_ENTRY_NAME);
    memcpy(&entry, &symbol, sizeof entry); /* ISO C knows no cast from a data to a function pointer */
    plugin = entry();
    if (plugin == NULL)
        fail("its entry returns NULL", "");
    if (plugin != entry())
        fail("its entry returns another pointer each time", "");
    return plugin;
}

static void check_version(const trb_plugin* plugin) {
    char detail[96];
    if (plugin->magic != TRB_ABI_MAGIC)
        fail("its descriptor has another magic number than TRB_ABI_MAGIC", "");
    if (plugin->abi_major != TRB_ABI_MAJOR || plugin->abi_minor != TRB_ABI_MINOR) {
        snprintf(detail, sizeof detail, "%u.%u, this SDK %u.%u", (unsigned)plugin->abi_major,
                 (unsigned)plugin->abi_minor, TRB_ABI_MAJOR, TRB_ABI_MINOR);
        fail("it states another ABI", detail);
    }
    if (!TRB_HAS(trb_plugin, plugin, get_extension))
        fail("struct_size of its descriptor is too small", "is it set to sizeof(trb_plugin)?");
}

static void check_functions(const trb_plugin* plugin) {
    if (plugin->create == NULL)
        fail("a function of its descriptor is NULL", "create");
    if (plugin->start == NULL)
        fail("a function of its descriptor is NULL", "start");
    if (plugin->stop == NULL)
        fail("a function of its descriptor is NULL", "stop");
    if (plugin->destroy == NULL)
        fail("a function of its descriptor is NULL", "destroy");
    if (plugin->get_extension == NULL)
        fail("a function of its descriptor is NULL", "get_extension");
}

static void check_names(const trb_plugin* plugin) {
    uint64_t index;
    need_text(plugin->id, "id");
    need_text(plugin->short_name, "short_name");
    need_text(plugin->version, "version");
    need_text(plugin->vendor, "vendor");
    for (index = 0; index < plugin->short_name.size; ++index)
        if (index == 24 ||
            strchr("abcdefghijklmnopqrstuvwxyz0123456789", plugin->short_name.data[index]) == NULL)
            fail("its short_name is not 1 to 24 characters of a-z and 0-9", "");
    if (memchr(plugin->id.data, '.', plugin->id.size) == NULL)
        fail("its id is not a reverse domain name", "such as org.example.acme");
    if (plugin->extension_count != 0 && plugin->extensions == NULL)
        fail("its descriptor counts extensions and lists none", "");
    if (plugin->requirement_count != 0 && plugin->requirements == NULL)
        fail("its descriptor counts requirements and lists none", "");
    for (index = 0; index < plugin->requirement_count; ++index)
        need_text(plugin->requirements[index], "requirements");
}

static void check_extensions(const trb_plugin* plugin) {
    static const char unknown[] = "tributary.no-such-extension/1";
    const trb_str asked = {unknown, sizeof unknown - 1};
    uint64_t index;
    for (index = 0; index < plugin->extension_count; ++index) {
        char name[96];
        const trb_str id = plugin->extensions[index];
        need_text(id, "extensions");
        snprintf(name, sizeof name, "%.*s", (int)(id.size < 90 ? id.size : 90), id.data);
        if (plugin->get_extension(id) == NULL)
            fail("it lists an extension for which get_extension returns NULL", name);
    }
    if (plugin->get_extension(asked) != NULL)
        fail("get_extension returns a table for an id that nobody knows", unknown);
    if (plugin->migration_count != 0 &&
        (plugin->migrations == NULL || plugin->migration_stride < sizeof(trb_migration)))
        fail("its migrations are NULL, or migration_stride is not set to sizeof(trb_migration)", "");
    for (index = 0; index < plugin->migration_count; ++index)
        if (TRB_AT(trb_migration, plugin->migrations, index, plugin->migration_stride)->number != index + 1)
            fail("its migrations are not numbered 1, 2, 3 ...", "");
}

static void print_manifest(const trb_plugin* plugin, const char* file, const char* digest,
                           const char* schema) {
    const trb_str file_name = {file, strlen(file)};
    printf("{\n  \"manifest\": 1,\n  \"id\": ");
    print_text(plugin->id);
    printf(",\n  \"short_name\": ");
    print_text(plugin->short_name);
    printf(",\n  \"version\": ");
    print_text(plugin->version);
    printf(",\n  \"vendor\": ");
    print_text(plugin->vendor);
    printf(",\n  \"abi\": \"%u.%u\",\n", (unsigned)plugin->abi_major, (unsigned)plugin->abi_minor);
    print_list("extensions", plugin->extensions, plugin->extension_count);
    print_list("requires", plugin->requirements, plugin->requirement_count);
    if (schema != NULL)
        print_schema(schema);
    printf("  \"file\": ");
    need_text(file_name, "the name of the file");
    print_text(file_name);
    printf(",\n  \"sha256\": \"%s\"\n}\n", digest);
}

int main(int count, char** arguments) {
    const char* schema = NULL;
    const char* id = NULL;
    int index;
    for (index = 3; index + 1 < count; index += 2) {
        if (strcmp(arguments[index], "--id") == 0)
            id = arguments[index + 1];
        else if (strcmp(arguments[index], "--schema") == 0)
            schema = arguments[index + 1];
        else
            break;
    }
    if (count < 3 || index != count) {
        fprintf(stderr, "usage: tributary-manifest MODULE SHA256 [--id ID] [--schema FILE]\n");
        return 2;
    }
    module_name = arguments[1];
    if (strlen(arguments[2]) != 64 || strspn(arguments[2], "0123456789abcdef") != 64)
        fail("this is no SHA-256 in lower-case hexadecimal", arguments[2]);
    const trb_plugin* const plugin = load(arguments[1]);
    check_version(plugin);
    check_functions(plugin);
    check_names(plugin);
    check_extensions(plugin);
    if (id != NULL && !equal(plugin->id, id))
        fail("its descriptor has another id than the build", id);
    const char* const slash = strrchr(arguments[1], '/');
    print_manifest(plugin, slash == NULL ? arguments[1] : slash + 1, arguments[2], schema);
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("the manifest cannot be written", "");
    return 0;
}
