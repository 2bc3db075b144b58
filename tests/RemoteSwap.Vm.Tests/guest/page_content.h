// What a page holds. It follows from (seed, page, version) and nothing else.
#ifndef PAGE_CONTENT_H
#define PAGE_CONTENT_H

#include <stdint.h>
#include <string.h>

enum { PAGE = 4096, WORDS = PAGE / 8, LINE = 64 };

// A page that was given up is zero when it is next read.
enum { GIVEN_UP = 0, FIRST_VERSION = 1 };

static const uint64_t magic = 0x4547415050415753; // "SWAPPAGE"
static const char line_text[LINE + 1] = "....................  worker took the request and answered it. \n";

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

// Lines of which 20 of 64 bytes are new each time: LZ4 makes about 2.5 : 1 of them.
static void make_text(char *to, uint64_t state)
{
    for (int line = 0; line < PAGE / LINE; line++, to += LINE) {
        memcpy(to, line_text, LINE);
        uint64_t digits = next(&state);
        for (int i = 0; i < 20; i++) {
            to[i] = (char)('a' + (digits & 15));
            digits = digits >> 3 | digits << 61;
        }
    }
}

// One in ten is zero, one in twenty repeats a word, one in five does not compress, the rest is text.
static void make_page(uint64_t *to, long seed, uint32_t page, uint32_t version)
{
    uint64_t state = mix((uint64_t)seed ^ mix((uint64_t)page << 32 | version)) | 1;
    uint64_t kind = (state >> 8) % 20;
    if (version == GIVEN_UP || kind < 2) {
        memset(to, 0, PAGE);
        return;
    }
    if (kind == 2) {
        for (int i = 0; i < WORDS; i++)
            to[i] = state;
        return;
    }
    if (kind < 7)
        for (int i = 0; i < WORDS; i++)
            to[i] = next(&state);
    else
        make_text((char *)to, state);
    to[0] = magic;
    to[1] = (uint64_t)page << 32 | version;
    to[2] = (uint64_t)seed;
}

#endif
