# The report of scripts/bench-rules for people.

def pad($width): tostring | . + (" " * ([$width - length, 0] | max));
def right($width): tostring | (" " * ([$width - length, 0] | max)) + .;
def figure: if . >= 1000 then round elif . >= 100 then . * 10 | round / 10 else . * 100 | round / 100 end;
def ratio: if . == null then "" elif . < 0.1 then . * 1000 | round / 1000 else . * 100 | round / 100 end;

.conditions as $c
| "\($c.cpu), \($c.cores) cores, \($c.kernel); g++ \($c.compiler), LuaJIT \($c.luajit), Node \($c.node // "none")",
  "load average \($c.load_average_before) before, \($c.load_average_after) after; \($c.when), commit \($c.commit)",
  "median of \($c.rounds) rounds of 5 measurements; \($c.events) events; \($c.time)",
  "",
  ("" | pad(42)) + ("" | pad(22)) + ("each" | right(8)) + ("" | pad(4)) + ("least..most" | right(18))
      + ("of the limit" | right(14)) + "  of the peer",
  (.rows[] | select(.row | startswith("heap") | not)
   | (.row | pad(42)) + (.subject | pad(22))
      + if .not_run then "not run: \(.not_run)" else (.value | figure | right(8)) + " " + (.unit | pad(3))
      + ("\(.least | figure)..\(.most | figure)" | right(18)) + (.ratio_to_limit | ratio | right(14))
      + (if .ratio_to_peer then "  \(.ratio_to_peer | ratio) of \(.peer)" else "" end) end),
  "",
  (.rows | map(select(.row | startswith("heap")))
   | group_by(.row | contains("compile"))
   | (.[0] | if all(.value == 0) then "No evaluation asked for memory (\(length) rows)."
             else .[] | select(.value != 0) | "\(.row): \(.value) per evaluation" end),
     "Compiling the condition asks for memory \(.[1][0].value) times.")
