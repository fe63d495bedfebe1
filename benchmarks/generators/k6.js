// k6 run k6.js: one connection a user, one message outstanding, nothing parsed.
import ws from 'k6/ws';

export const options = {
  scenarios: {
    talk: { executor: 'constant-vus', vus: Number(__ENV.BENCH_CONNECTIONS), duration: '1h' },
  },
};

export default function () {
  ws.connect(`${__ENV.BENCH_URL}?sn=C${__VU}`, null, (socket) => {
    socket.on('message', () => socket.send(__ENV.BENCH_MESSAGE));
  });
}
