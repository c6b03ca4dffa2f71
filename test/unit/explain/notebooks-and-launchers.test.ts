import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { causeOf, explainedOf } from "../../support/explained.ts";

const line = "-".repeat(75);

describe("notebooks", () => {
  test("the function of a worker is told out of a notebook's traceback", async () => {
    const log = `${line}
PythonException                           Traceback (most recent call last)
Cell In[4], line 8
      5     return 1 / n
      7 df = spark.range(3)
----> 8 df.select(inverse("id")).show()

File /opt/venv/lib/python3.11/site-packages/pyspark/sql/dataframe.py:945, in DataFrame.show(self, n, truncate, vertical)
    885 def show(self, n: int = 20, truncate: Union[bool, int] = True, vertical: bool = False) -> None:
   (...)
--> 945     print(self._show_string(n, truncate, vertical))

PythonException: 
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/tmp/ipykernel_4711/204342.py", line 5, in inverse
ZeroDivisionError: division by zero`;
    assert.deepEqual(await causeOf(log), [
      "worker-exception | ZeroDivisionError | division by zero | /tmp/ipykernel_4711/204342.py:5",
      "/tmp/ipykernel_4711/204342.py:5 inverse",
    ]);
  });

  test("a cell's error and a file's are told with their lines", async () => {
    const log = `${line}
AnalysisException                         Traceback (most recent call last)
Cell In[7], line 3, in report(day)
      1 def report(day):
      2     flights = spark.table("flights")
----> 3     return flights.select("dealy")

File ~/work/lib/prices.py:12, in Prices.load(self, currency)
     11 def load(self, currency):
---> 12     return self.table[currency]

AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name \`dealy\` cannot be resolved. Did you mean one of the following? [\`delay\`]. SQLSTATE: 42703;
'Project ['dealy]`;
    assert.deepEqual(await causeOf(log, ["lib/prices.py"]), [
      "analysis | AnalysisException | [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `dealy` cannot be resolved. Did you mean one of the following? [`delay`]. | lib/prices.py:12",
      "Cell In[7]:3 report > lib/prices.py:12 load",
    ]);
  });

  test("older notebooks name the line by an arrow", async () => {
    const log = `${line}
KeyError                                  Traceback (most recent call last)
<ipython-input-3-4fd1a2c9e7b8> in <module>
      1 import lib.prices
----> 2 lib.prices.load("usd")

/home/ada/job/lib/prices.py in load(currency)
     10 
     11 def load(currency):
---> 12     return table[currency]

KeyError: 'usd'`;
    assert.deepEqual(await causeOf(log), [
      "driver-exception | KeyError | 'usd' | lib/prices.py:12",
      "<ipython-input-3-4fd1a2c9e7b8>:2 <module> > lib/prices.py:12 load",
    ]);
  });
});

describe("jobs that do not begin", () => {
  const cases: [log: string, told: string, advice: RegExp][] = [
    [
      "Error: Unrecognized option: --executor-memroy\n\nUsage: spark-submit [options] <app jar | python file | R file> [app arguments]",
      "cluster | null | Unrecognized option: --executor-memroy | null:null",
      /spark-submit --help/,
    ],
    [
      "/opt/venv/bin/python3: can't open file '/home/ada/job/jobs/daily.py': [Errno 2] No such file or directory",
      "cluster | null | can't open file '/home/ada/job/jobs/daily.py': [Errno 2] No such file or directory | null:null",
      /script's path/,
    ],
    [
      "/opt/run.sh: line 3:   4711 Killed                  spark-submit --master yarn job.py",
      "cluster | null | Killed | null:null",
      /memory/,
    ],
    [
      "26/11/21 23:00:55 ERROR StandaloneSchedulerBackend: Application has been killed. Reason: All masters are unresponsive! Giving up.",
      "cluster | null | Application has been killed. Reason: All masters are unresponsive! Giving up. | null:null",
      /does not answer/,
    ],
    ["JAVA_HOME is not set", "cluster | null | JAVA_HOME is not set | null:null", /JAVA_HOME/],
    [
      `  File "/home/ada/job/main.py", line 4\n    df = spark.range(3\n                    ^\nSyntaxError: '(' was never closed`,
      "driver-exception | SyntaxError | '(' was never closed | main.py:4",
      /cannot read the script/,
    ],
  ];
  for (const [log, told, advice] of cases) {
    test(told, async () => {
      assert.equal((await causeOf(log, ["main.py"]))[0], told);
      assert.match((await explainedOf(log))[0]?.advice ?? "", advice);
    });
  }
});

describe("texts within texts", () => {
  test("a traceback in the message of an exception is not its cause", async () => {
    const log = `An exception was thrown from the Python worker:
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 17, in run
    raise RuntimeError("the child said:\\n" + text)
RuntimeError: the child said:
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 8, in child
    return {}["port"]
KeyError: 'port'
`;
    assert.deepEqual(
      (await explainedOf(log)).map(({ exceptionType, line: at }) => [exceptionType, at]),
      [["RuntimeError", 17]],
    );
  });

  test("the driver's traceback after the worker's printed one is its own", async () => {
    const log = `An exception was thrown from the Python worker:
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 17, in run
ValueError: bad
Traceback (most recent call last):
  File "/home/ada/job/main.py", line 30, in <module>
  File "/opt/venv/lib/python3.11/site-packages/pyspark/sql/dataframe.py", line 4, in table
pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view \`t\` cannot be found. SQLSTATE: 42P01`;
    assert.deepEqual(
      (await explainedOf(log)).map(({ exceptionType, line: at }) => [exceptionType, at]),
      [
        ["AnalysisException", 30],
        ["ValueError", 17],
      ],
    );
  });

  test("a selection that begins within a traceback is told as far as it goes", async () => {
    const log = `  File "/home/ada/job/main.py", line 14, in amount
    return float(text)
ValueError: could not convert string to float: 'n/a'`;
    assert.deepEqual(await causeOf(log), [
      "driver-exception | ValueError | could not convert string to float: 'n/a' | main.py:14",
      "main.py:14 amount",
    ]);
  });
});
