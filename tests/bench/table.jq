# The report of scripts/bench-daemon for people.

def pad($width): tostring | . + (" " * ([$width - length, 0] | max));
def right($width): tostring | (" " * ([$width - length, 0] | max)) + .;
def thousands: if . == null then "" else round | tostring
    | [while(length > 0; .[:-3]) | .[-3:]] | reverse | join(",") end;
def from_to: (.least | thousands) + ".." + (.most | thousands);
def ms: if . == null then "" else (. * 100 | round / 100 | tostring) end;

.conditions as $c
| "\($c.cpu), \($c.cores) cores, \($c.kernel), disk \($c.disk)",
  "load average \($c.load_average_before) before, \($c.load_average_after) after; \($c.when), commit \($c.commit)",
  "median of \($c.repeats) interleaved runs of \($c.seconds) s; \($c.connections) connections; bodies of \($c.body_bytes) bytes; server on core 0, load on core 1",
  "",
  ("" | pad(33)) + ("per second" | right(11)) + ("least..most" | right(18)) + ("p50 ms" | right(9)) + ("p99 ms" | right(9))
      + ("per CPU s" | right(11)) + "   ratio (of CPU time)",
  (.rows[] | (.name | pad(33)) + (.per_second | thousands | right(11)) + (.range | from_to | right(18))
      + (.p50_ms | ms | right(9)) + (.p99_ms | ms | right(9)) + (.per_cpu_second | thousands | right(11)) + "   "
      + ([.ratios[]? | "\(.ratio) of \(.to)" + (if .ratio_per_cpu_second then " (\(.ratio_per_cpu_second))" else "" end)]
         | join(", "))),
  "",
  "What limits each:",
  (.rows[] | "  " + (.name | pad(33)) + .limit
      + (if (.not_acknowledged // 0) > 0 then "; \(.not_acknowledged) were not acknowledged" else "" end)
      + (if (.broken // 0) > 0 then "; \(.broken) connections broke" else "" end)),
  "",
  (if .rows_in_equal_rows_out
   then "Rows in = rows out: \([.checks[] | select(.what | startswith("webhooks"))] | last | .kept) webhooks in the inbox, \([.checks[] | select(.what | startswith("clicks")) | .kept] | add) clicks in the rollup."
   else "ROWS ARE MISSING OR TOO MANY: " + ([.checks[] | select(.acknowledged != .kept) | "\(.what): \(.acknowledged) acknowledged, \(.kept) kept"] | join("; ")) end)
