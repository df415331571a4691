/** The accounts that `SEED=demo` opens. Their ids are fixed, so that the demo data of every service can name them. */
export const demoAccounts = {
  staff: { id: '01a20000-0000-7000-8000-000000000001', email: 'staff@example.com', name: 'Sam Staff', role: 'STAFF' },
  customer: {
    id: '01a20000-0000-7000-8000-000000000002',
    email: 'customer@example.com',
    name: 'Casey Customer',
    role: 'CUSTOMER',
  },
} as const;
