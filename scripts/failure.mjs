/** A failure of a command of this project that its user can do something about: one line, and an exit code. */
export class Failure extends Error {
  /**
   * @param {string} message what happened, and what to do
   * @param {number} exitCode 1: it failed; 3: something is missing on this machine
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command of this project: a Failure ends it with its one line and its exit code.
 * @param {() => Promise<number>} action gives the exit code
 */
export async function runCommand(action) {
  try {
    process.exitCode = await action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
