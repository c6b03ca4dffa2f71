import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { redact } from "../../../src/report/redact.ts";

const hide = redact({
  environment: { SPARK_TOKEN: "s3cr3t-value", PATH: "/usr/bin", MY_PASSWORD: "abc", NPM_AUTH: "npm-987654" },
  names: ["ada", "workstation-7"],
  home: "/home/ada",
});

describe("what is taken out of a report", () => {
  const cases: readonly [title: string, text: string, expected: string][] = [
    ["values of variables that are named as secrets", "sent s3cr3t-value and npm-987654", "sent <hidden> and <hidden>"],
    ["passwords in addresses", "from https://ada:pw@example.org/x", "from https://<hidden>@example.org/x"],
    ["assignments", 'password="hunter22" token=abcdefgh', 'password="<hidden>" token=<hidden>'],
    ["tokens of known form", "dapi0123456789abcdef and ghp_0123456789abcd", "<hidden> and <hidden>"],
    ["the home folder and names", "/home/ada/x on workstation-7 by ada", "~/x on <name> by <name>"],
  ];
  for (const [title, text, expected] of cases) {
    test(title, () => assert.equal(hide(text), expected));
  }

  test("the token of an authorization header", () => {
    assert.doesNotMatch(hide("Authorization: Bearer abcdef.ghi"), /abcdef/);
    assert.doesNotMatch(hide('{"authorization":"Bearer abcdef.ghi"}'), /abcdef/);
  });

  test("and nothing else", () => {
    const text = "error: src/a.cpp:3:7: 'optional' in namespace 'std' does not name a template type, abc";
    assert.equal(hide(text), text);
  });
});
