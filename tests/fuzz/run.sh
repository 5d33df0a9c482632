#!/bin/bash
# Runs the fuzzing programs, one on each core: `run.sh fuzz|planted|merge FOLDER-OF-PROGRAMS MINUTES SEED [TARGET...]`.
# What was found stays in target/fuzz-corpus, so that the next run goes on there; finds are in target/fuzz-finds.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=$1 programs=$2 minutes=$3 seed=$4
shift 4
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls tests/fuzz/fuzz_targets | sed 's/\.rs$//')
cores=$(nproc)
commit=$(git rev-parse --short HEAD)
# The targets share the time: each has this many seconds of each half of a run.
share=$((minutes * 30 * cores / ${#targets[@]}))
log=target/fuzz-log/$commit-$seed-$minutes
mkdir -p "$log" target/fuzz-finds
limits="-rss_limit_mb=1024 -timeout=10 -max_len=65536"

# One target's share of a half. What an interrupted run finished is not done again.
half() {
	local said="$log/$1.$2.log"
	[ -n "$(figures "$1" "$2")" ] && return
	mkdir -p "target/fuzz-corpus/$1"
	"$programs/$1" $limits -seed="$seed" -max_total_time="$share" -print_final_stats=1 -artifact_prefix="target/fuzz-finds/$1-" \
		"target/fuzz-corpus/$1" "tests/fuzz/corpus/$1" > "$said" 2>&1 && return
	echo "$1: A FIND: $(ls -t target/fuzz-finds/"$1"-* | head -1), see $said"
	return 1
}
first() { half "$1" 1; }
second() { half "$1" 2; }

# Executions, coverage (edges) and features of a target at the end of a half.
figures() {
	[ ! -f "$log/$1.$2.log" ] || sed -nE 's/^#([0-9]+)\tDONE +cov: ([0-9]+) ft: ([0-9]+) .*/\1 \2 \3/p' "$log/$1.$2.log"
}

table() {
	echo "| target | executions in $((minutes / 2)) min | edges, features | executions in $minutes min | edges, features |"
	echo "|---|---|---|---|---|"
	local target runs edges features more edges2 features2 all=0 all2=0
	for target in "${targets[@]}"; do
		read -r runs edges features < <(figures "$target" 1) && read -r more edges2 features2 < <(figures "$target" 2) || continue
		echo "| \`$target\` | $runs | $edges, $features | $((runs + more)) | $edges2, $features2 |"
		all=$((all + runs)) all2=$((all2 + runs + more))
	done
	echo "| all | $all | | $all2 | |"
}

planted() {
	local start work
	work=$(mktemp -d)
	start=$(date +%s%N)
	"$programs/$1" $limits -seed="$seed" -max_total_time="$((minutes * 60))" -artifact_prefix="$work/" "$work" "tests/fuzz/corpus/$1" \
		> "$log/$1.planted.log" 2>&1 || true
	local taken=$((($(date +%s%N) - start) / 100000000))
	rm -rf "$work"
	if grep -q ": planted" "$log/$1.planted.log"; then
		echo "$1: found after $((taken / 10)).$((taken % 10)) s"
	else
		echo "$1: NOT FOUND in $minutes min"
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

# Does something for every target, one on each core.
each() {
	local target failed=0
	for target in "${targets[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$cores" ]; do wait -n || failed=1; done
		"$1" "$target" &
	done
	while [ -n "$(jobs -p)" ]; do wait -n || failed=1; done
	return $failed
}

begin=$(date +%s) failed=0
if [ "$mode" = fuzz ]; then
	echo "Commit $commit, seed $seed: $share s for each target in each half of $minutes minutes on $cores cores."
	each first || failed=1
	each second || failed=1
	table
else
	echo "Commit $commit, seed $seed."
	each "$mode" || failed=1
fi
echo "$(($(date +%s) - begin)) s in all."
exit $failed
