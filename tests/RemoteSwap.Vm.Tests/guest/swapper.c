// Uses more memory than the guest has, and proves every byte of it.
//
// What comes back from the swap disk is compared with what is computed anew (page_content.h). The tables
// and buffers are locked in memory: only the arena is swapped.
//
//   round 0        all pages are written, in order
//   round 1 .. N   all pages are read in random order and compared; a quarter is written again, a few are given up
//   round N + 1    all pages are read in order, by one thread, and compared
//
// Options come from the kernel's command line: rs.mb, rs.rounds, rs.seed, rs.threads, and rs.canary=1, with which one
// expected byte is wrong: a run that does not report it proves nothing.
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "page_content.h"

enum { MAX_THREADS = 16, REPORTS = 8, MAX_DETAILS = 8 };

struct worker {
    pthread_t thread;
    int number, round;
    uint64_t expected[WORDS];
    uint32_t *order;    // the pages that are this worker's
    uint32_t pages;
    uint32_t *fault_ns; // of faults that the kernel counted as major, in rounds 1 .. N
    uint64_t faults, checked, mismatches;
};

static long mb = 192, rounds = 3, seed = 1, threads = 2, canary = 0;
static unsigned char *arena;
static uint32_t *versions;
static struct worker workers[MAX_THREADS];
static int details;
static long out_before, in_before;

static uint64_t now_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000 + (uint64_t)at.tv_nsec;
}

static long major_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_majflt;
}

static void say_mismatch(const struct worker *w, uint32_t page, const uint64_t *found)
{
    if (__atomic_fetch_add(&details, 1, __ATOMIC_RELAXED) >= MAX_DETAILS)
        return;
    int at = 0;
    while (at < PAGE - 1 && ((const char *)found)[at] == ((const char *)w->expected)[at])
        at++;
    char whose[64] = "no header";
    if (found[0] == magic)
        snprintf(whose, sizeof whose, "page %u version %u", (unsigned)(found[1] >> 32), (unsigned)found[1]);
    printf("RS-MISMATCH round %d page %u version %u: byte %d is %02x and not %02x; there is %s\n", w->round, page,
        versions[page], at, ((const unsigned char *)found)[at], ((const unsigned char *)w->expected)[at], whose);
}

static void check(struct worker *w, uint32_t page)
{
    unsigned char *at = arena + (size_t)page * PAGE;
    long before = major_faults();
    uint64_t start = now_ns();
    (void)*(volatile unsigned char *)at;
    uint64_t taken = now_ns() - start;
    if (major_faults() != before && w->round <= rounds)
        w->fault_ns[w->faults++] = taken > UINT32_MAX ? UINT32_MAX : (uint32_t)taken;

    make_page(w->expected, seed, page, versions[page]);
    if (canary && w->round == 1 && page == (uint32_t)(mb * 128))
        ((unsigned char *)w->expected)[PAGE - 1] ^= 1;
    w->checked++;
    if (memcmp(at, w->expected, PAGE) != 0) {
        w->mismatches++;
        say_mismatch(w, page, (const uint64_t *)at);
    }
}

static void change(const struct worker *w, uint32_t page)
{
    unsigned char *at = arena + (size_t)page * PAGE;
    uint64_t what = mix(mix((uint64_t)seed + (uint64_t)w->round) ^ page) % 32;
    if (what < 8) {
        versions[page] = FIRST_VERSION + (uint32_t)w->round;
        make_page((uint64_t *)at, seed, page, versions[page]);
    } else if (what == 8) {
        versions[page] = GIVEN_UP;
        madvise(at, PAGE, MADV_DONTNEED);
    }
}

static long vmstat(const char *name)
{
    char key[64];
    long value, found = -1;
    FILE *file = fopen("/proc/vmstat", "r");
    while (file != NULL && found < 0 && fscanf(file, "%63s %ld", key, &value) == 2)
        if (strcmp(key, name) == 0)
            found = value;
    if (file != NULL)
        fclose(file);
    return found;
}

static void shuffle(struct worker *w)
{
    uint64_t state = mix((uint64_t)seed * 31 + (uint64_t)w->round * 7 + (uint64_t)w->number) | 1;
    for (uint32_t i = w->pages - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(next(&state) % (i + 1)), kept = w->order[i];
        w->order[i] = w->order[j];
        w->order[j] = kept;
    }
}

static void *work(void *argument)
{
    struct worker *w = argument;
    bool is_last = w->round > rounds;
    uint32_t pages = is_last ? (uint32_t)(mb * 256) : w->pages, step = pages / REPORTS;
    if (w->round > 0 && !is_last)
        shuffle(w);
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t page = is_last ? i : w->order[i];
        if (w->round == 0) {
            versions[page] = FIRST_VERSION;
            make_page((uint64_t *)(arena + (size_t)page * PAGE), seed, page, FIRST_VERSION);
        } else {
            check(w, page);
            if (!is_last)
                change(w, page);
        }
        if (w->number == 0 && step > 0 && (i + 1) % step == 0)
            printf("RS-PROGRESS {\"round\":%d,\"eighth\":%u,\"pages_out\":%ld,\"pages_in\":%ld}\n", w->round,
                (i + 1) / step, vmstat("pswpout") - out_before, vmstat("pswpin") - in_before);
    }
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int report(uint64_t ns)
{
    uint64_t faults = 0, checked = 0, mismatches = 0;
    uint32_t *all = workers[0].fault_ns; // one piece of memory, a part for each worker
    for (long i = 0; i < threads; i++) {
        memmove(all + faults, workers[i].fault_ns, workers[i].faults * sizeof *all);
        faults += workers[i].faults;
        checked += workers[i].checked;
        mismatches += workers[i].mismatches;
    }
    qsort(all, faults, sizeof *all, ascending);
    double p50 = faults ? all[faults / 2] / 1e3 : 0, p99 = faults ? all[faults * 99 / 100] / 1e3 : 0;
    printf("RS-RESULT {\"pages\":%ld,\"rounds\":%ld,\"seed\":%ld,\"threads\":%ld,\"canary\":%ld,\"checked\":%" PRIu64
        ",\"mismatches\":%" PRIu64 ",\"pages_out\":%ld,\"pages_in\":%ld,\"major_faults\":%" PRIu64
        ",\"fault_p50_us\":%.1f,\"fault_p99_us\":%.1f,\"fault_max_us\":%.1f,\"seconds\":%.2f}\n",
        mb * 256, rounds, seed, threads, canary, checked, mismatches, vmstat("pswpout") - out_before,
        vmstat("pswpin") - in_before, faults, p50, p99, faults ? all[faults - 1] / 1e3 : 0, (double)ns / 1e9);
    return mismatches != 0;
}

static long option(const char *line, const char *name, long otherwise)
{
    const char *at = strstr(line, name);
    return at == NULL ? otherwise : atol(at + strlen(name));
}

static void *needed(void *memory, const char *what)
{
    if (memory == NULL || memory == MAP_FAILED) {
        printf("RS-FAILED no memory for %s\n", what);
        exit(2);
    }
    return memory;
}

int main(void)
{
    char line[4096] = "";
    FILE *file = fopen("/proc/cmdline", "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        return 2;
    fclose(file);
    mb = option(line, "rs.mb=", mb);
    rounds = option(line, "rs.rounds=", rounds);
    seed = option(line, "rs.seed=", seed);
    threads = option(line, "rs.threads=", threads);
    canary = option(line, "rs.canary=", canary);
    if (mb < 1 || rounds < 1 || threads < 1 || threads > MAX_THREADS) {
        printf("RS-FAILED options out of range\n");
        return 2;
    }

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    uint32_t pages = (uint32_t)(mb * 256);
    versions = needed(calloc(pages, sizeof *versions), "versions");
    uint32_t *orders = needed(calloc(pages, sizeof *orders), "orders");
    uint32_t *latencies = needed(calloc((size_t)pages * (size_t)rounds, sizeof *latencies), "latencies");
    for (long i = 0; i < threads; i++) {
        struct worker *w = &workers[i];
        w->number = (int)i;
        w->order = orders;
        w->fault_ns = latencies;
        for (uint32_t page = (uint32_t)i; page < pages; page += (uint32_t)threads)
            w->order[w->pages++] = page;
        orders += w->pages;
        latencies += (size_t)w->pages * (size_t)rounds;
    }

    // Later pieces of the heap and the threads' stacks too; then all of the arena comes out again.
    if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0)
        printf("RS-FAILED mlockall\n");
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    arena = needed(mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0), "the arena");
    munlock(arena, (size_t)pages * PAGE);
    out_before = vmstat("pswpout");
    in_before = vmstat("pswpin");
    uint64_t start = now_ns();
    for (int round = 0; round <= rounds + 1; round++) {
        long workers_now = round > rounds ? 1 : threads;
        for (long i = 0; i < workers_now; i++) {
            workers[i].round = round;
            if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
                printf("RS-FAILED pthread_create\n");
                return 2;
            }
        }
        for (long i = 0; i < workers_now; i++)
            pthread_join(workers[i].thread, NULL);
    }
    return report(now_ns() - start);
}
