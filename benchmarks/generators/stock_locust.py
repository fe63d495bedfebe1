"""Locust as its documentation has it, with websocket-client at its fastest; parses nothing.

No UTF-8 check, no locks, one request event a message; the loop within the task spares Locust's own
scheduling. BENCH_URL and BENCH_MESSAGE say where to and what.

    locust -f benchmarks/generators/stock_locust.py --headless -u 50 -r 50
"""

import os
import time
from itertools import count

import websocket
from locust import User, task

URL, MESSAGE = os.environ["BENCH_URL"], os.environ["BENCH_MESSAGE"]
_numbers = count()


class StockUser(User):
    """One connection with one message outstanding."""

    def on_start(self) -> None:
        self.line = websocket.create_connection(
            f"{URL}?sn=C{next(_numbers)}", skip_utf8_validation=True, enable_multithread=False
        )
        self.line.recv()  # the Login

    @task
    def talk(self) -> None:
        """Send and wait for the answer, for ever."""
        fire = self.environment.events.request.fire
        line, now = self.line, time.perf_counter
        while True:
            began = now()
            line.send(MESSAGE)
            answer = line.recv()
            fire(
                request_type="ws",
                name="ack",
                response_time=(now() - began) * 1000,
                response_length=len(answer),
                exception=None,
                context={},
            )
