/* The entry of a plugin: one exported function, a static descriptor, extensions by id.
 *
 * A plugin is a shared object that exports exactly one symbol, tributary_plugin_entry, and has a manifest
 * beside it, NAME.trbplugin.json, that says the same as its descriptor. The host refuses it before running
 * any of its code when the manifest or the file's digest, owner or permissions are not as they must be, and
 * before running anything but the entry when magic or version differ, naming both values.
 *
 * LIFE  entry -> create -> start -> calls -> stop -> destroy, per instance. On a reload the new generation is
 * created and started before the old one is stopped: for a while both exist. Whatever a plugin keeps between
 * calls belongs to the instance, never to a static variable.
 *
 * DEADLINES  A call that takes longer than the host's plugins.deadline quarantines the plugin: for a minute
 * at first, longer each time, until it is reloaded. One that never returns ends the process. What is promised
 * at a declaration
 * ("within 10 ms") is what others can wait for; tributary plugin check looks at it.
 */
#ifndef TRIBUTARY_ABI_PLUGIN_H
#define TRIBUTARY_ABI_PLUGIN_H

#include <tributary/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the host offers. Valid from create until destroy returns.
 * get_service  [any] the table of a host service by id ("tributary.host.log/1", see services.h) or NULL. */
typedef struct trb_host {
    uint32_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    void* ctx;
    const void* (*get_service)(const struct trb_host* host, trb_str id)TRB_NOEXCEPT;
} trb_host;

/* One numbered step of a plugin's schema. Numbers start at 1 and have no gaps; a released step never
 * changes. sql is portable SQL, one or more statements ended by ';'. {blob} stands for the backend's type of
 * bytes. Every table is named <short name>_<word> and has workspace_id in its primary key. */
typedef struct trb_migration {
    uint32_t struct_size;
    uint32_t number;
    trb_str sql;
} trb_migration;

/* Static, constant data; the same pointer on every call of the entry. */
typedef struct trb_plugin {
    uint32_t struct_size;
    uint32_t magic;
    uint32_t abi_major;
    uint32_t abi_minor;
    trb_str id;         /* reverse domain, "org.tributary.acme" */
    trb_str short_name; /* a-z, 0-9, up to 24: prefix of its tables, name of its provider, config section */
    trb_str version;    /* of the plugin, semantic */
    trb_str vendor;
    const trb_str* extensions; /* ids it implements, "tributary.provider/1" */
    uint64_t extension_count;
    const trb_str* requirements; /* what it cannot do without: ids of host services, and of plugins, which are
                                    started before it and stopped after it; checked at load */
    uint64_t requirement_count;
    const trb_migration* migrations;
    uint64_t migration_count;
    uint64_t migration_stride;

    /* [instance] Makes an instance; there may be several of one plugin. config is the instance's section of
     * the configuration as a JSON object ("{}" when absent). Only the log service may be used. TRB_INVALID
     * with a message names the wrong key. Must return within 100 ms; so must start, stop and destroy. */
    trb_status (*create)(const trb_host* host, trb_str config, const trb_error_sink* error,
                         void** self) TRB_NOEXCEPT;
    /* [instance] All services are there. */
    trb_status (*start)(void* self, const trb_error_sink* error) TRB_NOEXCEPT;
    /* [instance] No further calls follow but destroy. */
    void (*stop)(void* self) TRB_NOEXCEPT;
    void (*destroy)(void* self) TRB_NOEXCEPT;
    /* [any] The table of an extension by id, or NULL. Static data. */
    const void* (*get_extension)(trb_str id)TRB_NOEXCEPT;
} trb_plugin;

#define TRB_PLUGIN_ENTRY_NAME "tributary_plugin_entry"
typedef const trb_plugin* (*trb_plugin_entry_fn)(void)TRB_NOEXCEPT;

/* A plugin defines it; the host looks it up by name. */
TRB_EXPORT const trb_plugin* tributary_plugin_entry(void) TRB_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
