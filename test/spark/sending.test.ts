import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { runTool } from "../../src/toolchain/run-tool.ts";
import { projectRoot } from "../support/command-line.ts";
import { type SparkSeries, spark } from "../support/spark.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const driver = path.join(projectRoot, "src/run/spark/driver");

/** A script's beginning: what it sends goes through the driver's own hook, as in a run, and no Spark is started. */
const head = `import sys
sys.path.insert(0, ${JSON.stringify(driver)})
import sending
sending.Sending([sys.argv[1]], [sys.argv[1] + "/stubs"]).install()
from pyspark.serializers import CloudPickleSerializer

def send(function):
    try:
        return CloudPickleSerializer().dumps((function, None))
    except Exception as error:
        print(error)
`;

async function python(series: SparkSeries, files: Record<string, string>, script: string): Promise<string[]> {
  const { python: command, environment } = await spark(series);
  const folder = temporaryFolder("sending");
  for (const [file, text] of Object.entries({ ...files, [script]: `${head}${files[script]}` })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const args = [path.join(folder, script), folder];
  const ran = await runTool({ command, args, env: { ...process.env, ...environment } });
  assert.equal(ran.exitCode, 0, ran.stderr);
  return ran.stdout.trim().split("\n");
}

const unsendable = `
import functools, socket, threading

class Client:
    def __init__(self):
        self.connection = socket.socket()

class Model:
    def __init__(self):
        self.client = Client()
        self.locks = [None, {"rows": threading.Lock()}]

    def score(self, x):
        return x

class Careful(Model):
    def __getstate__(self):
        return {}

model, careful = Model(), Careful()
numbers = (number for number in range(3))

def score(x):
    return model.client.connection.send(x)

def through(x):
    return score(x)

def made():
    cache = {"guard": threading.RLock()}
    return lambda x: cache

def filled(x, out=numbers):
    return x

def plain(x):
    return careful

for function in [score, through, model.score, made(), filled, functools.partial(plain, numbers), plain]:
    send(function)
`;

for (const series of ["4.3", "3.5"] as const) {
  describe(`what a script on Spark ${series} sends`, () => {
    test("is told by the name of the variable and its path where it cannot be sent", async () => {
      const cannot = "which cannot be sent to the executors";
      const lines = (await python(series, { "script.py": unsendable }, "script.py")).map((line) =>
        line.replace(/:\d+\)/, ")"),
      );
      assert.deepEqual(lines, [
        `score() (script.py) uses model.client.connection, a socket, ${cannot}`,
        `score() (script.py) uses model.client.connection, a socket, ${cannot}`,
        `Model.score() (script.py) uses self.client.connection, a socket, ${cannot}`,
        `made.<lambda> (script.py) uses cache['guard'], a lock, ${cannot}`,
        `filled() (script.py) uses out's default, a generator, ${cannot}`,
        `plain() (script.py) uses argument 0 of its functools.partial, a generator, ${cannot}`,
      ]);
    });

    test("has the author's own modules in it, whole, and those of packages by name", async () => {
      const files = {
        "beside.py": "import json\n\nfactor = 2\n\n\ndef twice(x):\n    return json.dumps(factor * x)\n",
        "steps/__init__.py": "",
        "steps/more.py": "import beside\n\n\ndef four_times(x):\n    return 2 * int(beside.twice(x))\n",
        "script.py": `
import subprocess
from steps.more import four_times

data = send(four_times)
load = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read())[0](5))"
print(subprocess.run([sys.executable, "-c", load], input=data, cwd="/", capture_output=True).stdout.decode(), end="")
`,
      };
      assert.deepEqual(await python(series, files, "script.py"), ["20"]);
    });

    test("is refused where it is a function of a stub, with the column to use", async () => {
      const files = {
        "stubs/places.py": "def feeling(x):\n    return x\n",
        "script.py": `
sys.path.insert(0, sys.argv[1] + "/stubs")
import places

send(lambda x: places.feeling(x))
send(places.feeling)
`,
      };
      const what = "the functions of places belong to this process, and executors have them as columns only";
      const refused = `${what}: from places import spark, and give spark.<function>(…) columns`;
      assert.deepEqual(await python(series, files, "script.py"), [refused, refused]);
    });
  });
}
