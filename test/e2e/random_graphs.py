# SPDX-License-Identifier: Apache-2.0
"""Random graphs of stages for t49: made, run, killed, and checked by what the stages themselves wrote down.

random_graphs.py CAIRN SEED   (in an empty folder, under a home of its own) prints one line, or what was wrong and status 1.

Each stage appends a line to ../events when it begins and when it ends, so the order of the lines is what really happened.
"""
import collections
import fcntl
import json
import os
import pty
import random
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

CAIRN, SEED = sys.argv[1], int(sys.argv[2])
TOP = os.getcwd()
EVENTS = os.path.join(TOP, "events")
TAG = f"CAIRN_GRAPH={os.getpid()}-{SEED}"
MIB = 1 << 20
rng = random.Random(SEED)


class Wrong(Exception):
    pass


def expect(truth, *what):
    if not truth:
        raise Wrong(" ".join(str(w) for w in what))


Stage = collections.namedtuple("Stage", "name needs deps outs takes pause")


# --- Making a graph ---

def shape(count):
    """For each stage the earlier ones that it needs."""
    kind = rng.choice(["diamond", "fan-out", "mixed", "mixed", "chains"])
    if kind == "diamond":  # layers, each wholly needed by the next
        layers, at = [], 0
        while at < count:
            layers.append(range(at, min(count, at + (1 if len(layers) % 2 == 0 else rng.randint(2, 5)))))
            at = layers[-1].stop
        needs = [list(layers[i - 1]) if i else [] for i, layer in enumerate(layers) for _ in layer]
    elif kind == "fan-out":  # one, many, one
        needs = [[]] + [[0] for _ in range(count - 2)] + [list(range(1, count - 1))]
    elif kind == "chains":
        width = rng.randint(2, 4)
        needs = [[i - width] if i >= width else [] for i in range(count)]
    else:
        needs = [rng.sample(range(i), min(i, rng.choice([0, 1, 1, 2, 3]))) for i in range(count)]
    return kind, needs


def make_stages():
    count = rng.randint(6, 16)
    kind, needs = shape(count)
    names = rng.sample([f"{a}{b}" for a in "stuvwx" for b in range(1, 9)], count)
    stages, outs_of = [], []
    for i in range(count):
        outs = [f"o{i}"] if rng.random() < 0.7 else [f"d{i}"] if rng.random() < 0.6 else [f"o{i}", f"p/o{i}"]
        deps = []
        for j in needs[i]:
            out = rng.choice(outs_of[j])
            deps.append(out + "/part" if out.startswith("d") and rng.random() < 0.5 else out)
        if not deps or rng.random() < 0.3:
            deps.append(f"in{rng.randint(0, 2)}")
        takes = {}
        if rng.random() < 0.6:
            takes["cpus"] = rng.choice([0.5, 1, 1, 1.5, 2])
        if rng.random() < 0.4:
            takes["mem"] = rng.choice([100, 200, 300, 500]) * MIB
        if rng.random() < 0.3:
            takes["db"] = rng.choice([1, 1, 2])
        if rng.random() < 0.2:
            takes["gpus"] = 1
        outs_of.append(outs)
        stages.append(Stage(names[i], [names[j] for j in needs[i]], deps, outs, takes, rng.choice([0, 0.01, 0.02, 0.04])))
    return kind, stages


def script(stage):
    lines = [f'echo "+ {stage.name} $EPOCHREALTIME" >>"$EVENTS"']
    sleep = [f"sleep {stage.pause}", f"sleep {stage.pause} & wait", f"bash -c 'sleep {stage.pause}; :'"]
    reads = " ".join(dep if "/" in dep or not dep.startswith("d") else dep + "/part" for dep in stage.deps)
    for out in stage.outs:
        path = out
        if out.startswith("d"):
            lines.append(f"mkdir {out}")
            path = out + "/part"
        lines.append(f"{{ echo {stage.name}; cat {reads}; }} | cksum >{path}")
        if rng.random() < 0.3:
            lines.append(f"head -c {rng.randint(1, 60000)} /dev/zero >>{path}")
    lines.insert(rng.randint(1, len(lines)), rng.choice(sleep))
    lines.append(f'echo "- {stage.name} $EPOCHREALTIME" >>"$EVENTS"')
    return lines


def write_pipeline(stages):
    shuffled = stages[:]
    rng.shuffle(shuffled)
    with open("cairn.yaml", "w") as f:
        f.write("stages:\n")
        for stage in shuffled:
            f.write(f"  {stage.name}:\n    cmd: |\n")
            f.writelines(f"      {line}\n" for line in script(stage))
            f.write(f"    deps: {json.dumps(stage.deps)}\n    outs: {json.dumps(stage.outs)}\n")
            if stage.takes:
                f.write(f"    resources: {json.dumps(stage.takes)}\n")


def write_inputs(version):
    for i in range(3):
        with open(f"in{i}", "w") as f:
            f.write(f"input {i} of {version if i != 1 else 'all'}\n")


# --- Running cairn ---

def environment():
    name, value = TAG.split("=")
    return {**os.environ, "EVENTS": EVENTS, name: value, "TERM": "xterm"}


def cairn(*arguments):
    done = subprocess.run([CAIRN, *arguments], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace")
    expect(done.returncode == 0, f"cairn {' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Repro:
    """A `cairn repro` on a terminal, which tells of each stage when it is done."""

    def __init__(self, limits):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.child = subprocess.Popen([CAIRN, "repro", *options(limits)], env=environment(), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=slave, start_new_session=True)
        os.close(slave)
        self.text = b""
        self.reader = threading.Thread(target=self.read, args=(master,))
        self.reader.start()

    def read(self, master):
        try:
            while data := os.read(master, 65536):
                self.text += data
        except OSError:
            pass  # the other end is closed
        os.close(master)

    def ended(self):
        status = self.child.wait()
        self.reader.join()
        return status, set(re.findall(r"(?:ran|restored) '([a-z0-9]+)'", self.text.decode(errors="replace")))


def options(limits):
    given = ["-j", str(limits["jobs"])]
    for name in "cpus", "mem", "gpus", "db":
        given += ["--resource", f"{name}={limits[name]}"]
    return given


def make_limits():
    return {"jobs": rng.randint(1, 6), "cpus": rng.choice([2, 2.5, 3, 6]), "mem": rng.choice([500, 600, 1000]) * MIB,
            "gpus": rng.randint(1, 2), "db": rng.randint(2, 3)}


# --- Judging ---

def read_events():
    if not os.path.exists(EVENTS):
        return []
    return [line.split() for line in open(EVENTS).read().splitlines()]


def clear_events():
    if os.path.exists(EVENTS):
        os.remove(EVENTS)


def check_amounts(running, by_name, limits, where):
    expect(len(running) <= limits["jobs"], f"{len(running)} stages at once with -j {limits['jobs']} {where}:", running)
    for name in "cpus", "mem", "gpus", "db":
        used = sum(by_name[s].takes.get(name, 1 if name == "cpus" else 0) for s in running)
        expect(used <= limits[name], f"{used} of {limits[name]} {name} {where}:", running)


def check_events(stages, limits):
    """By the stages' own lines: within the limits, each once, none before what it needs has ended. Most at once; who ended."""
    by_name = {s.name: s for s in stages}
    running, ended, began, most = set(), set(), set(), 0
    events = read_events()
    all_that_run = {e[1] for e in events if e[0] == "+"}
    for kind, name, _ in events:
        if kind == "+":
            expect(name not in began, f"'{name}' ran twice in one repro")
            missing = [n for n in by_name[name].needs if n in all_that_run and n not in ended]
            expect(not missing, f"'{name}' began before {missing} ended")
            began.add(name)
            running.add(name)
        else:
            running.remove(name)
            ended.add(name)
        most = max(most, len(running))
        check_amounts(running, by_name, limits, "by the events")
    return most, began


def check_records(stages, limits, since_ms):
    """The same by the records of the runs; their times are cut to milliseconds."""
    by_name = {s.name: s for s in stages}
    runs = []
    for run in json.loads(cairn("log", "-n", "0", "--json"))["runs"]:
        day, clock = run["start"].rstrip("Z").split("T")
        start = time.mktime(time.strptime(f"{day} {clock[:8]}", "%Y-%m-%d %H:%M:%S")) * 1000 + int(clock[9:12])
        if start >= since_ms and run["status"] == "ok":
            runs.append((start, start + run["usage"]["wall_us"] / 1000, run["stage"]))
    ends = {name: end for _, end, name in runs}
    changes = sorted([(start + 2, 1, name) for start, end, name in runs if end > start + 4] +
                     [(end - 2, 0, name) for start, end, name in runs if end > start + 4])
    running = set()
    for _, begins, name in changes:
        (running.add if begins else running.discard)(name)
        check_amounts(running, by_name, limits, "by the records")
    for start, _, name in runs:
        for need in by_name[name].needs:
            expect(start + 2 >= ends.get(need, 0), f"by the records '{name}' began before '{need}' ended")
    return {name for _, _, name in runs}


def ours():
    """Processes that still have our mark in their environment, without this one."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as f:
                if TAG.encode() in f.read().split(b"\0"):
                    with open(f"/proc/{entry}/cmdline", "rb") as g:
                        found.append((int(entry), g.read().replace(b"\0", b" ").decode(errors="replace")))
        except OSError:
            pass
    return found


def check_no_orphans():
    for _ in range(200):
        left = ours()
        if not left:
            return
        time.sleep(0.05)
    raise Wrong("processes are left: " + str(left))


def state():
    files = {}
    for folder, folders, names in os.walk("."):
        if folder == ".":
            folders[:] = [f for f in folders if not f.startswith(".")]
        for name in names:
            if re.match(r"[op]\d*$|part$", name) or name == "cairn.lock":
                path = os.path.join(folder, name)
                files[path] = open(path, "rb").read()
    return files


def compare_states(expected, what):
    got = state()
    for path in sorted(set(expected) | set(got)):
        expect(got.get(path) == expected.get(path), f"{path} is not as in an undisturbed run, {what}")


# --- A graph's life ---

def undisturbed(stages, most):
    """Runs all for both versions of the inputs; the states they end with."""
    states = {}
    for version in "one", "two":
        write_inputs(version)
        limits = make_limits()
        clear_events()
        since = int(time.time() * 1000)
        repro = Repro(limits)
        status, told = repro.ended()
        expect(status == 0, f"repro: status {status}\n", repro.text.decode(errors="replace"))
        at_once, began = check_events(stages, limits)
        recorded = check_records(stages, limits, since)
        expect(recorded == began, "recorded and run are not the same:", recorded ^ began)
        expect(began <= told, "ran without being reported:", began - told)
        most[0] = max(most[0], at_once)
        states[version] = state()
        expect(set(states[version]) >= {"./cairn.lock"}, "no lock")
    return states


def kill(repro, whole_tree):
    victims = [repro.child.pid] + ([pid for pid, _ in ours()] if whole_tree else [])
    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def killed(stages, states, duration):
    """Kills repro at random points, goes back and forth between the inputs, and ends as the undisturbed run did."""
    kills = 0
    done = {"one": set(), "two": set()}  # what was reported for these inputs
    version = "one"
    for _ in range(rng.randint(3, 5)):
        if rng.random() < 0.3:
            version = "two" if version == "one" else "one"
        write_inputs(version)
        limits = make_limits()
        clear_events()
        repro = Repro(limits)
        time.sleep(rng.uniform(0, duration))
        kill(repro, rng.random() < 0.4)
        status, told = repro.ended()
        kills += status == -signal.SIGKILL
        check_no_orphans()
        began = check_events(stages, limits)[1]
        expect(not began & done[version], "ran again although reported before:", began & done[version])
        done[version] |= told
        cairn("status")
    for version in rng.sample(["one", "two"], 2):
        write_inputs(version)
        limits = make_limits()
        clear_events()
        cairn("repro", *options(limits))
        began = check_events(stages, limits)[1]
        expect(not began & done[version], "lost: ran again although reported before the kill:", began & done[version])
        compare_states(states[version], f"after {kills} kills, inputs {version}")
        done[version] = {s.name for s in stages}
        expect("up to date" in cairn("repro"), "a second repro had something to do")
    cairn("fsck")
    left = [f for _, _, files in os.walk(".git/cairn/tmp") for f in files]
    expect(not left, "unfinished files are left:", left)
    return kills


def new_project(name, pipeline):
    os.chdir(TOP)
    subprocess.run(["git", "init", "-q", name], check=True)
    os.chdir(name)
    cairn("init", "-q")
    if pipeline is not None:
        with open("cairn.yaml", "w") as f:
            f.write(pipeline)


def main():
    kind, stages = make_stages()
    new_project("undisturbed", None)
    write_pipeline(stages)
    pipeline = open("cairn.yaml").read()
    most = [0]
    began = time.time()
    states = undisturbed(stages, most)
    duration = (time.time() - began) / 2
    new_project("killed", pipeline)
    kills = killed(stages, states, duration)
    print(f"graph {SEED}: {kind}, {len(stages)} stages, at most {most[0]} at once, {kills} kills")


try:
    main()
except Wrong as wrong:
    print(f"graph {SEED} ({os.getcwd()}): {wrong}")
    for line in read_events():
        print("   ", *line)
    sys.exit(1)
