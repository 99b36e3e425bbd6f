"""`make bench`: every figure that the docs name, each by its own command, one after the other."""

import subprocess
import sys

COMMANDS = [
    ["-m", "bench.claim_submit", "--database", "sqlite"],
    ["-m", "bench.claim_submit", "--database", "postgresql"],
    ["-m", "bench.transfers"],
    ["-m", "bench.find"],
    ["-m", "bench.vocabulary"],
    ["-m", "bench.quality"],
    ["-m", "bench.quality_consensus"],
    ["-m", "bench.quality_coverage"],
    ["-m", "bench.quality_structure"],
    ["-m", "bench.quality_sequences"],
    ["-m", "bench.quality_scale"],
    ["-m", "bench.agreement"],
    ["-m", "bench.mislabels"],
    ["-m", "bench.mislabels_regions"],
    ["-m", "bench.peers.quality"],
    ["-m", "bench.fairness"],
    ["-m", "bench.reports"],
    ["-m", "bench.dashboards"],
    ["-m", "bench.pay"],
    ["-m", "bench.project_consensus"],
    ["-m", "bench.programme"],
    ["-m", "bench.formats"],
    ["-m", "bench.kill", "--rounds", "20"],
    ["-m", "bench.web.labeling"],
    ["-m", "bench.web.soak"],
    ["-m", "bench.web.keys"],
    ["-m", "bench.web.bundles"],
    ["-m", "bench.peers.label_studio"],
]


def main() -> int:
    """Run them all; a command that fails is named at the end."""
    wanted = sys.argv[1:]
    failed = []
    for command in COMMANDS:
        if wanted and not any(word in command[1] for word in wanted):
            continue
        print("##", " ".join(command), flush=True)
        if subprocess.run([sys.executable, *command], check=False).returncode:
            failed.append(command[1])
    if failed:
        print("failed:", ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
