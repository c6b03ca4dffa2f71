"""What the driver and native-udf say to each other: a line of JSON each, over a socket of this machine."""

import json
import os
import socket
import threading
import traceback


class Channel:
    """Connects to the process that started this one; its end is told to `on_close`."""

    def __init__(self):
        port, token = os.environ.pop("NATIVE_UDF_DRIVER").split(":")
        self._socket = socket.create_connection(("127.0.0.1", int(port)))
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")
        self._lock = threading.Lock()
        self.send("hello", token=token, pid=os.getpid())

    def send(self, kind, **fields):
        line = json.dumps({"kind": kind, **fields}, ensure_ascii=False) + "\n"
        with self._lock:
            self._socket.sendall(line.encode("utf-8", "replace"))

    def receive(self):
        """The next message; None once the other side has gone."""
        try:
            line = self._lines.readline()
        except OSError:
            return None
        return json.loads(line) if line else None

    def listen(self, handlers, on_close):
        """Reads what comes from now on, beside the job; each kind of message has its handler."""

        def read():
            while True:
                message = self.receive()
                if message is None:
                    on_close()
                    return
                try:
                    handlers[message["kind"]](message)
                except Exception:  # noqa: BLE001 - the next message may still be understood
                    traceback.print_exc()

        threading.Thread(target=read, name="native-udf channel", daemon=True).start()

    def close(self):
        """Ends the connection once everything that was sent has been taken."""
        with self._lock:
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.close()
