#!/bin/bash
# Runs the fuzzing programs, two at a time: `run.sh fuzz|planted|merge FOLDER-OF-PROGRAMS SECONDS SEED [TARGET...]`.
# What was found stays in target/fuzz-corpus, so that the next run goes on there; finds are in target/fuzz-finds.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=$1 programs=$2 seconds=$3 seed=$4
shift 4
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls tests/fuzz/fuzz_targets | sed 's/\.rs$//')
log=target/fuzz-log
mkdir -p "$log" target/fuzz-finds
limits="-rss_limit_mb=1024 -timeout=10 -max_len=65536"

# One leg of a run: executions, coverage (edges) and features at its end.
leg() {
	"$programs/$1" $limits -seed="$seed" -max_total_time="$2" -print_final_stats=1 -artifact_prefix="target/fuzz-finds/$1-" \
		"target/fuzz-corpus/$1" "tests/fuzz/corpus/$1" > "$log/$1.$3.log" 2>&1
}

figures() {
	sed -nE 's/^#([0-9]+)\tDONE +cov: ([0-9]+) ft: ([0-9]+) .*/\1 executions, cov \2, ft \3/p' "$log/$1.$2.log"
}

fuzz() {
	mkdir -p "target/fuzz-corpus/$1"
	local half=$(((seconds + 1) / 2))
	if leg "$1" "$half" 1 && leg "$1" "$half" 2; then
		echo "$1: after $half s $(figures "$1" 1); after $((2 * half)) s $(figures "$1" 2)"
	else
		echo "$1: A FIND: $(ls -t target/fuzz-finds/"$1"-* | head -1), see $log"
		return 1
	fi
}

planted() {
	local start work
	work=$(mktemp -d)
	start=$(date +%s%N)
	"$programs/$1" $limits -seed="$seed" -max_total_time="$seconds" -artifact_prefix="$work/" "$work" "tests/fuzz/corpus/$1" \
		> "$log/$1.planted.log" 2>&1 || true
	local taken=$((($(date +%s%N) - start) / 100000000))
	rm -rf "$work"
	if grep -q ": planted" "$log/$1.planted.log"; then
		echo "$1: found after $((taken / 10)).$((taken % 10)) s"
	else
		echo "$1: NOT FOUND in $seconds s"
		return 1
	fi
}

# The seeds, and of everything else the least that reaches as far.
merge() {
	local work before
	work=$(mktemp -d)
	before=$(find "tests/fuzz/corpus/$1" -type f | wc -l)
	cp "tests/fuzz/corpus/$1"/seed-* "$work"
	mkdir -p "target/fuzz-corpus/$1"
	"$programs/$1" -merge=1 -rss_limit_mb=1024 -max_len=2048 "$work" "tests/fuzz/corpus/$1" "target/fuzz-corpus/$1" > "$log/$1.merge.log" 2>&1
	find "tests/fuzz/corpus/$1" -type f -delete
	cp "$work"/* "tests/fuzz/corpus/$1"
	rm -rf "$work"
	echo "$1: $before files before, $(find "tests/fuzz/corpus/$1" -type f | wc -l) now, $(du -sb "tests/fuzz/corpus/$1" | cut -f1) bytes"
}

begin=$(date +%s)
echo "commit $(git rev-parse --short HEAD), seed $seed, $seconds s each"
failed=0
for target in "${targets[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || failed=1; done
	"$mode" "$target" &
done
while [ -n "$(jobs -p)" ]; do wait -n || failed=1; done
echo "$(($(date +%s) - begin)) s in all"
exit $failed
