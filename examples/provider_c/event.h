/* An event of pennywise, read: as much of JSON as it sends, in one pass and without allocating.
 *
 * parse() lists the members of a document, which point into it; the *_of functions read them by name.
 * Everything that is not JSON is refused. Refused although it is JSON: numbers that are no integers, a name
 * twice in one object, names with escapes, and what is beyond the limits below. A text with an escape is
 * skipped where nobody reads it (the digits of a \u are not looked at), and refused where somebody does.
 * UTF-8 is not checked: the host does that, in every fact. A provider that sends more than this is a reason
 * for a JSON library. */
#ifndef PENNYWISE_EVENT_H
#define PENNYWISE_EVENT_H

#include <tributary/abi/base.h>

#include <stdbool.h>
#include <string.h>

enum {
    members_max = 64, /* of a document, elements of arrays included; three times as many as an event has */
    depth_max = 8,    /* an event has three levels */
    id_bytes_max = 64,
    digits_max = 15 /* of an integer: enough for any amount and time, and no sum of two overflows */
};

static bool same(trb_str text, trb_str other) {
    return text.size == other.size && (text.size == 0 || memcmp(text.data, other.data, text.size) == 0);
}
static trb_str word(const char* text) {
    return (trb_str){text, strlen(text)};
}

typedef struct event_member {
    trb_str name;
    trb_str value; /* as it stands there, a text with its quotes */
    int inside;    /* index of the object or array that holds it */
} event_member;

enum { whole = 0, nowhere = -1 }; /* indices of members: the document itself, and of what is not there */

typedef struct document {
    const char* at;
    const char* end;
    const char* wrong; /* the first member that was asked for and is not what it has to be */
    int count;
    event_member members[members_max];
} document;

static int find(const document* from, int inside, trb_str name) {
    for (int index = 1; index < from->count; ++index)
        if (from->members[index].inside == inside && same(from->members[index].name, name))
            return index;
    return nowhere;
}

static void skip_blanks(document* from) {
    while (from->at != from->end && memchr(" \t\r\n", *from->at, 4) != NULL)
        ++from->at;
}
static bool take(document* from, char wanted) {
    skip_blanks(from);
    const bool there = from->at != from->end && *from->at == wanted;
    from->at += there ? 1 : 0;
    return there;
}

static bool scan_word(document* from, trb_str wanted) {
    if ((uint64_t)(from->end - from->at) < wanted.size || memcmp(from->at, wanted.data, wanted.size) != 0)
        return false;
    from->at += wanted.size;
    return true;
}

static bool scan_integer(document* from) {
    (void)scan_word(from, TRB_STR("-"));
    const char* const first = from->at;
    while (from->at != from->end && *from->at >= '0' && *from->at <= '9')
        ++from->at;
    return from->at != first && (*first != '0' || from->at - first == 1);
}

static bool scan_text(document* from, trb_str* text) {
    if (!take(from, '"'))
        return false;
    for (text->data = from->at; from->at != from->end && (unsigned char)*from->at >= 0x20; ++from->at) {
        text->size = (uint64_t)(from->at - text->data);
        if (*from->at == '"')
            return take(from, '"');
        if (*from->at == '\\' && (++from->at == from->end || memchr("\"\\/bfnrtu", *from->at, 9) == NULL))
            return false;
    }
    return false;
}

static bool scan_value(document* from, int here, int depth);

static bool scan_list(document* from, int here, int depth, char close) {
    if (take(from, close))
        return true;
    do {
        event_member next = {{NULL, 0}, {NULL, 0}, here};
        if (close == '}' &&
            (!scan_text(from, &next.name) || memchr(next.name.data, '\\', next.name.size) != NULL ||
             find(from, here, next.name) != nowhere || !take(from, ':')))
            return false;
        if (from->count == members_max)
            return false;
        from->members[from->count] = next;
        if (!scan_value(from, from->count++, depth + 1))
            return false;
    } while (take(from, ','));
    return take(from, close);
}

static bool scan_value(document* from, int here, int depth) {
    skip_blanks(from);
    const char* const start = from->at;
    trb_str text;
    if (depth > depth_max)
        return false;
    bool good = false;
    if (start != from->end && *start == '"')
        good = scan_text(from, &text);
    else if (take(from, '{'))
        good = scan_list(from, here, depth, '}');
    else if (take(from, '['))
        good = scan_list(from, here, depth, ']');
    else
        good = scan_word(from, TRB_STR("true")) || scan_word(from, TRB_STR("false")) ||
               scan_word(from, TRB_STR("null")) || scan_integer(from);
    from->members[here].value = (trb_str){start, (uint64_t)(from->at - start)};
    return good;
}

static bool parse(trb_str body, document* into) {
    *into = (document){.at = body.data, .end = body.data + body.size, .count = 1};
    return body.size != 0 && scan_value(into, whole, 1) && (skip_blanks(into), into->at == into->end);
}

/* The readers of members return nothing, and remember the name, when a value is not what it has to be. */
static trb_str wrong(document* from, const char* name) {
    from->wrong = from->wrong == NULL ? name : from->wrong;
    return TRB_STR("");
}
static trb_str value_of(document* from, int inside, const char* name, bool required) {
    const int at = inside == nowhere ? nowhere : find(from, inside, word(name));
    if (at != nowhere && !same(from->members[at].value, TRB_STR("null")))
        return from->members[at].value;
    return required ? wrong(from, name) : TRB_STR("");
}
static int object_of(document* from, int inside, const char* name, bool required) {
    const trb_str value = value_of(from, inside, name, required);
    if (value.size == 0 || value.data[0] == '{')
        return value.size == 0 ? nowhere : find(from, inside, word(name));
    wrong(from, name);
    return nowhere;
}
static bool flag_of(document* from, int inside, const char* name) {
    const trb_str value = value_of(from, inside, name, true);
    if (!same(value, TRB_STR("true")) && !same(value, TRB_STR("false")))
        wrong(from, name);
    return same(value, TRB_STR("true"));
}
static trb_str text_of(document* from, int inside, const char* name, bool required) {
    const trb_str value = value_of(from, inside, name, required);
    if (value.size == 0 || (!required && same(value, TRB_STR("\"\""))))
        return TRB_STR("");
    if (value.size < 3 || value.data[0] != '"' || memchr(value.data, '\\', value.size) != NULL)
        return wrong(from, name);
    return (trb_str){value.data + 1, value.size - 2};
}
static trb_str id_of(document* from, int inside, const char* name) {
    const trb_str id = text_of(from, inside, name, true);
    for (uint64_t index = 0; index < id.size; ++index)
        if (index == id_bytes_max || id.data[index] <= ' ' || id.data[index] > '~')
            return wrong(from, name);
    return id;
}
static int64_t integer_of(document* from, int inside, const char* name) {
    const trb_str value = value_of(from, inside, name, true);
    int64_t integer = 0;
    for (uint64_t index = 0; index < value.size; ++index) {
        if (index == digits_max || value.data[index] < '0' || value.data[index] > '9') {
            wrong(from, name);
            return 0;
        }
        integer = integer * 10 + (value.data[index] - '0');
    }
    return integer;
}

static trb_money money_of(document* from, int inside, const char* name) {
    static const trb_money known[] = {{0, "EUR", 2}, {0, "GBP", 2}, {0, "USD", 2}, {0, "JPY", 0}};
    const trb_str currency = text_of(from, inside, "currency", true);
    for (size_t index = 0; index < sizeof known / sizeof known[0]; ++index)
        if (same(currency, word(known[index].currency))) {
            trb_money money = known[index];
            money.amount_minor = integer_of(from, inside, name);
            return money;
        }
    wrong(from, "currency");
    return known[0];
}

#endif
