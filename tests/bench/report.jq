# From the lines that scripts/bench-daemon collected to its report. $conditions: where and when.

def median: sort | .[(length / 2 | floor)];
def range_of: {least: min, most: max};
def round3: if . == null then null else . * 1000 | round / 1000 end;
def percent: . * 100 | round | tostring + " %";

# What kept a run from being faster, told from who had the processors meanwhile.
def limit($of; $fdatasync):
    (if (.batches // 0) > 0 then "; \(.batches / .seconds | round) commits/s of \(.jobs / .batches | round) rows, "
                          + "beside \($fdatasync | round) fdatasync/s alone"
     else "" end) as $commits
    | # Ticks are of 10 ms, so that the shares of a short run may add up to a little more than the core.
    ([([.core_busy_share - .server_share, 0] | max), 1 - .server_share] | min) as $others
    | (1e6 * .server_cpu_seconds / ([.acknowledged, 1] | max) | round) as $cost
    | if .generator_share > 0.9 then "the load generator: its core is full"
      elif .server_share > 0.85 then "one core: \(.server_share | percent) of it, \($cost) us for each" + $commits
      elif $others > 0.15 then "one core, shared: others took \($others | percent) of it, \($of) "
                               + "\(.server_share | percent), \($cost) us for each" + $commits
      else "waiting: \($of) used \(.server_share | percent) of its core, \($cost) us for each" + $commits end;

def per_cpu_second: if .server_cpu_seconds > 0 then .acknowledged / .server_cpu_seconds else null end;

def calibration($rows; $name; $key; $limit):
    ($rows | map(select(.row == "calibration") | .[$key])) as $all
    | {name: $name, kind: "calibration", per_second: ($all | median), range: ($all | range_of), limit: $limit};

# One row; ratios are taken within a repeat, whose measurements are neighbours in time, and then their median.
def row($rows; $key; $name; $kind; $of; against):
    ($rows | map(select(.row == "calibration") | .fdatasync_1) | median) as $fdatasync
    | ($rows | map(select(.row == $key))) as $runs
    | if ($runs | length) == 0 then empty else
        ($runs | sort_by(.per_second) | .[(length / 2 | floor)]) as $middle
        | {name: $name, kind: $kind, per_second: $middle.per_second,
           range: ($runs | map(.per_second) | range_of),
           p50_ms: ($runs | map(.p50_ms) | median), p99_ms: ($runs | map(.p99_ms) | median),
           per_cpu_second: ($runs | map(per_cpu_second | values) | if length > 0 then median | round else null end),
           not_acknowledged: ($runs | map(.other + .unanswered) | add), broken: ($runs | map(.broken) | add),
           limit: ($middle | limit($of; $fdatasync)),
           ratios: [against | . as $peer
               | ($runs | map(. as $run | ($rows | map(select(.row == $peer.row and .repeat == $run.repeat)) | first)
                   | select(. != null)
                   | {rate: ($run.per_second / .[$peer.key]),
                      cpu: (if .server_cpu_seconds then ($run | per_cpu_second) / per_cpu_second else null end)})) as $pairs
               | select($pairs | length > 0)
               | {to: $peer.to, ratio: ($pairs | map(.rate) | median | round3),
                  ratio_per_cpu_second: ($pairs | map(.cpu | values) | if length > 0 then median | round3 else null end)}]}
      end;

. as $rows
| ($rows | map(select(.row == "worked on"))) as $worked
| {conditions: ($conditions + {body_bytes: ($rows | map(.body_bytes | values) | first)}),
   rows: [
     calibration($rows; "append 2 KB + fdatasync"; "fdatasync_1"; "the disk, one flush at a time"),
     calibration($rows; "the same, 64 a flush"; "fdatasync_64"; "the disk"),
     calibration($rows; "SQLite commits of 64 webhooks"; "sqlite_64"; "the disk and one core: WAL, synchronous=FULL, nothing else"),
     calibration($rows; "HMAC-SHA256 of a webhook"; "hmac"; "one core"),
     row($rows; "nginx"; "nginx return 302"; "calibration"; "nginx"; empty),
     row($rows; "webhooks"; "webhooks, durable before 200"; "tributaryd"; "the daemon";
         {row: "calibration", key: "sqlite_64", to: "SQLite 64"}, {row: "calibration", key: "fdatasync_64", to: "fdatasync 64"}),
     {name: "webhooks, until all is derived", kind: "tributaryd", per_second: ($worked | map(.per_second) | median),
      range: ($worked | map(.per_second) | range_of), ratios: [],
      limit: "the rows above it, and \($worked | map(.drain_seconds) | median | round3) s of deriving after the last answer"},
     row($rows; "new visitors"; "redirects, each a durable click"; "tributaryd"; "the daemon";
         {row: "nginx", key: "per_second", to: "nginx"}),
     row($rows; "same visitor"; "redirects, no new click"; "tributaryd"; "the daemon";
         {row: "nginx", key: "per_second", to: "nginx"})],
   checks: ($rows | map(select(.row == "check") | del(.row))),
   rows_in_equal_rows_out: ($rows | map(select(.row == "check")) | all(.acknowledged == .kept)),
   runs: $rows}
