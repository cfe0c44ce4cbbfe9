#!/usr/bin/env python3
"""Shows that the differential test sees a wrong evaluator.

Each mutation is put in place alone, the test is built and run, and must fail; what it prints is the
smallest policy and request that tell the evaluator from its reference. Run by hand, from a working
copy without changes: « .ci/mutations.py » for all, « .ci/mutations.py NAME » for one.
"""

import pathlib
import re
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "Sources/Policies"
TEST = "The evaluator and its reference"

MUTATIONS = {
    "oublier-les-interdits": (
        "PolicyCompiler.swift", "where !forbidden.contains(contract.path) {", "{"),
    "lendemain-de-l-habilitation": (
        "PolicySet+Decide.swift", "today <= $0.to })",
        "today.daysSinceEpoch <= $0.to.daysSinceEpoch + 1 })"),
    "modes-des-initiateurs": (
        "CompiledPolicy.swift", "$0.modes.contains(mode) || policy.modes[mode] == nil", "_ = $0; return true"),
    "premiere-forme": (
        "DecisionDraft.swift", "first.request.form != grant.request.form {", "false {"),
    "oublier-le-delegataire": (
        "CompiledPolicy.swift", "$0.recipient == siret || $0.delegate == siret",
        "$0.recipient == siret"),
    "borne-des-periodes": (
        "PeriodRule.swift", "current.months(since: first) <= rule.oldest",
        "current.months(since: first) < rule.oldest"),
    "oublier-les-portees": (
        "PolicySet+Rule.swift", "judge.judge(scopes)", "_ = scopes"),
    "sans-concordance": (
        "LeafStanding.swift", "$0.returnsIdentity || acceptsNoIdentity", "_ = $0; return true"),
    "detenteur-qui-ne-sert-pas": (
        "LeafStanding.swift", "$0.fields.isSuperset(of: needed)",
        "$0.fields.contains(contract.path) || needed.isEmpty"),
    "niveau-du-detenteur": (
        "DecisionDraft.swift", "level > own {", "level < own {"),
}


def run(*words, seconds):
    return subprocess.run(
        words, cwd=SOURCES.parent.parent, text=True, capture_output=True, timeout=seconds)


def tried(name):
    """Whether the test failed under the mutation; prints its smallest case."""
    file, old, new = MUTATIONS[name]
    path = SOURCES / file
    text = path.read_text()
    if text.count(old) != 1:
        sys.exit(f"{name} : « {old} » n'est pas une fois dans {file}.")
    path.write_text(text.replace(old, new))
    try:
        build = run("swift", "build", "--build-tests", seconds=1800)
        if build.returncode:
            sys.exit(f"{name} : la mutation ne se construit pas.\n{build.stdout}")
        test = run("swift", "test", "--skip-build", "--filter", TEST, seconds=1800)
    finally:
        path.write_text(text)
    told = re.search(r"graine .*?(?=\n[◇✘✔])", test.stdout + test.stderr, re.DOTALL)
    print(f"== {name} : {'vue' if test.returncode else 'PAS VUE'}", flush=True)
    print(told.group(0) if told else "", flush=True)
    return test.returncode != 0


def main():
    names = sys.argv[1:] or list(MUTATIONS)
    missed = [name for name in names if not tried(name)]
    run("swift", "build", "--build-tests", seconds=1800)
    if missed:
        sys.exit(f"Mutations que l'essai ne voit pas : {', '.join(missed)}.")
    print(f"{len(names)} mutations, toutes vues.")


main()
