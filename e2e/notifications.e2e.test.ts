import {
  createShopClient,
  expectSuccess,
  ListNotifications,
  OwnNotificationPreferences,
  OwnNotifications,
  ResendNotification,
  signIn,
  UpdateNotificationPreferences,
  type ShopClient,
} from '@shop/client';
import { eventually } from '@shop/testing';
import { openSharedShop, password, registerCustomer, type SharedShop } from './shop.ts';

let shop: SharedShop;
let staff: ShopClient;
let customer: ShopClient;
let customerId: string;

beforeAll(async () => {
  shop = await openSharedShop();
  const url = shop.system.graphqlUrl;
  staff = createShopClient({ url });
  expectSuccess(await signIn(staff, shop.system.admin));
  const { id, email } = await registerCustomer(shop.anonymous);
  customerId = id;
  customer = createShopClient({ url });
  expectSuccess(await signIn(customer, { email, password }));
});

test('customers see their messages, and staff find them by their recipient', async () => {
  const message = await eventually(async () => {
    const { me } = await customer.request(OwnNotifications, { first: 10 });
    expect(me?.notifications).toMatchObject({ nodes: [{ template: 'welcome', status: 'SENT' }], totalCount: 1 });
    return me?.notifications?.nodes[0];
  });
  const { notifications } = await staff.request(ListNotifications, { filter: { recipientId: customerId } });
  expect(notifications.nodes).toMatchObject([{ id: message?.id, attempts: 1, recipient: { id: customerId } }]);
  const { resendNotification } = await staff.request(ResendNotification, { input: { id: message?.id ?? '' } });
  expect(resendNotification).toMatchObject({ code: 'NOTIFICATION_NOT_FAILED' });
});

test('customers choose their language and what they are told', async () => {
  const { me } = await customer.request(OwnNotificationPreferences, {});
  expect(me?.notificationPreferences).toMatchObject({ locale: 'en' });
  const input = { locale: 'de', topics: [{ topic: 'TASKS' as const, channels: [] }] };
  const answer = await customer.request(UpdateNotificationPreferences, { input });
  const { preferences } = expectSuccess(answer.updateNotificationPreferences);
  expect(preferences.locale).toBe('de');
  expect(preferences.topics).toContainEqual({ topic: 'TASKS', channels: [] });
  const off = { topics: [{ topic: 'ACCOUNT' as const, channels: [] }] };
  const refused = await customer.request(UpdateNotificationPreferences, { input: off });
  expect(refused.updateNotificationPreferences).toMatchObject({ code: 'INVALID_INPUT' });
});
