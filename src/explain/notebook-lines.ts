const header = /^(?:-{20,}\s*)?((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*) {2,}Traceback \(most recent call last\):?\s*$/;
/** `Cell In[3], line 2, in f(x)`, before 8.0 `Input In [3], in <cell line: 2>()`. */
const cell = /^((?:Cell|Input) In ?\[\d+\])(?:, line (\d+))?(?:, in (.*))?$/;
/** `File /srv/app/job.py:12, in f(x)` and Databricks' `File <command-1234>, line 2, in f(x)`. */
const file = /^File (.+?)(?::|, line )(\d+)(?:, in (.*))?$/;
/** `/srv/app/job.py in f(x)`, whose line is told by an arrow below. */
const old = /^(\S+\.py|<ipython-input-[\w-]+>|<command-[\w-]+>) in (\S.*)$/;
const arrow = /^-+> (\d+)(?: (.*))?$/;

/** Tracebacks as Jupyter and other notebooks print them, as the lines that Python itself prints. */
export class NotebookLines {
  #inside = false;
  /** A call whose line is not known yet. */
  #call: { file: string; name: string } | undefined;

  take(text: string): string[] {
    if (header.test(text)) {
      this.#inside = true;
      return ["Traceback (most recent call last):"];
    }
    if (!this.#inside) return [text];
    const called = this.#called(text);
    if (called) return called;
    const [, line, code = ""] = arrow.exec(text) ?? [];
    if (line !== undefined && this.#call) {
      const { file: at, name } = this.#call;
      this.#call = undefined;
      return [frame(at, line, name), `    ${code}`];
    }
    if (line !== undefined) return [`    ${code}`];
    // code around the line, and `(...)` for what is left out of it
    if (text.trim() === "" || /^\s+\d+(?: |$)|^\(\.\.\.\)$|^\s+\(\.\.\.\)/.test(text)) return [];
    if (/^[A-Za-z_]/.test(text) && !/^The above|^During handling/.test(text)) this.#inside = false;
    return [text];
  }

  #called(text: string): string[] | undefined {
    const [, input, lineOfCell, inCell] = cell.exec(text) ?? [];
    if (input !== undefined) {
      const line = lineOfCell ?? /<cell line: (\d+)>/.exec(inCell ?? "")?.[1];
      if (line !== undefined) return [frame(input, line, lineOfCell === undefined ? undefined : inCell)];
      this.#call = { file: input, name: inCell ?? "<module>" };
      return [];
    }
    const [, path, line, name] = file.exec(text) ?? [];
    if (path !== undefined && line !== undefined) return [frame(path, line, name)];
    const [, oldFile, oldName] = old.exec(text) ?? [];
    if (oldFile === undefined || oldName === undefined) return undefined;
    this.#call = { file: oldFile, name: oldName };
    return [];
  }
}

/** `DataFrame.collect(self)` is `collect`. */
function frame(path: string, line: string, called: string | undefined): string {
  const name = called?.replace(/\(.*$/, "").replace(/^<cell line: \d+>$/, "<module>");
  return `  File "${path}", line ${line}, in ${name?.slice(name.lastIndexOf(".") + 1) || "<module>"}`;
}
