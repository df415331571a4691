/** Lets a process of its own carry out the orders of the benchmark that started it. It ends with the benchmark. */
export function answerOrders<Order>(carryOut: (order: Order) => Promise<object>): void {
  process.on('message', (order: Order) => {
    carryOut(order).then(
      (report) => process.send?.(report),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
