#!/usr/bin/env bash
# A cluster of processes on this machine that loses its silos: PostgreSQL, storage init, three silos, a gateway; at least 50,000 requests under kill -9, then as many
# under a rolling restart, with one training after another. Prints the tables; ends with 0 only where no request failed or was answered wrongly, nothing
# acknowledged was lost, and no request took longer than 15 s.
#   tests/cluster/kill.sh [--short]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export REC_CLUSTER_TABLE
REC_CLUSTER_TABLE=$(mktemp)
trap 'rm -f "$REC_CLUSTER_TABLE"' EXIT
[ "${1:-}" = --short ] || export REC_TEST_FULL=1
dotnet build "$root/tests/OrleansRec.Cluster.Tests/OrleansRec.Cluster.Tests.csproj" -c Release -v quiet -clp:NoSummary >&2
code=0
dotnet "$root/artifacts/bin/OrleansRec.Cluster.Tests/release/OrleansRec.Cluster.Tests.dll" -noColor \
  -class OrleansRec.Cluster.Tests.Processes.SiloLossTests >&2 || code=$?
cat "$REC_CLUSTER_TABLE"
exit $code
