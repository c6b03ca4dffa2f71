/** What a run says as its target whose one worker is under a debugger of this machine. */
export const debuggerTarget = "debugger";
