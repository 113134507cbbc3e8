#!/bin/bash
# Runs fuzzers made with libFuzzer: fuzz.sh SECONDS JOBS PROGRAM...
#
# Each keeps what it found worth keeping in build/fuzz/corpus/<name>, starting from the seeds in
# tests/fuzz/corpus/<name> where there are any. An input that breaks something is left in build/fuzz/found/
# and named; so the next run, and a debugger, can have it again.
set -u

seconds=$1
jobs=$2
shift 2
[ $# -gt 0 ] || {
    echo "There are no fuzzers in tests/fuzz yet."
    exit 0
}

fuzz() {
    local seconds=$1 program=$2 name corpus seeds log
    name=$(basename "$program")
    corpus=build/fuzz/corpus/$name
    seeds=tests/fuzz/corpus/${name%_fuzz}
    log=build/fuzz/$name.log
    mkdir -p "$corpus" build/fuzz/found
    [ -d "$seeds" ] || seeds=""
    # shellcheck disable=SC2086 # no seeds, no argument
    if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/found/$name-" "$corpus" $seeds >"$log" 2>&1; then
        printf '%-24s clean: %s runs, %s inputs kept\n' "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(find "$corpus" -type f | wc -l)"
    else
        tail -n 60 "$log"
        printf '%-24s FAILED: see %s\n' "$name" "$log"
        return 1
    fi
}
export -f fuzz

printf '%s\0' "$@" | xargs -0 -n 1 -P "$jobs" bash -c 'fuzz "$0" "$1"' "$seconds"
