// Made from clients/operations and the schema by `npm run codegen`; changes belong there.

import type { Operation, WithOptionalKey } from '../operation.ts';
import type {
  RegisterMutation,
  RegisterMutationVariables,
  LoginMutation,
  LoginMutationVariables,
  RefreshSessionMutation,
  RefreshSessionMutationVariables,
  LogoutMutation,
  LogoutMutationVariables,
  MeQuery,
  MeQueryVariables,
  MySessionsQuery,
  MySessionsQueryVariables,
  UpdateProfileMutation,
  UpdateProfileMutationVariables,
  ChangePasswordMutation,
  ChangePasswordMutationVariables,
  RevokeSessionMutation,
  RevokeSessionMutationVariables,
  RevokeAllSessionsMutation,
  RevokeAllSessionsMutationVariables,
  DeleteAccountMutation,
  DeleteAccountMutationVariables,
  ListUsersQuery,
  ListUsersQueryVariables,
  UserPageQuery,
  UserPageQueryVariables,
  SetUserRoleMutation,
  SetUserRoleMutationVariables,
  SetUserActiveMutation,
  SetUserActiveMutationVariables,
  ListCatalogueQuery,
  ListCatalogueQueryVariables,
  CreateProductMutation,
  CreateProductMutationVariables,
  UpdateProductMutation,
  UpdateProductMutationVariables,
  DeleteProductMutation,
  DeleteProductMutationVariables,
  CreateCategoryMutation,
  CreateCategoryMutationVariables,
  FindProductsBySkuQuery,
  FindProductsBySkuQueryVariables,
  ExportCatalogueQuery,
  ExportCatalogueQueryVariables,
  ListOrdersQuery,
  ListOrdersQueryVariables,
  OrderFileQuery,
  OrderFileQueryVariables,
  UpdateOrderStatusMutation,
  UpdateOrderStatusMutationVariables,
  RefundOrderMutation,
  RefundOrderMutationVariables,
  AdjustStockMutation,
  AdjustStockMutationVariables,
  LowStockQuery,
  LowStockQueryVariables,
  InventoryLedgerQuery,
  InventoryLedgerQueryVariables,
  SearchProductsQuery,
  SearchProductsQueryVariables,
  CountProductsQuery,
  CountProductsQueryVariables,
  CategoryTreeQuery,
  CategoryTreeQueryVariables,
  CategoryPageQuery,
  CategoryPageQueryVariables,
  ProductPageQuery,
  ProductPageQueryVariables,
  ProductBySkuQuery,
  ProductBySkuQueryVariables,
  CheckAvailabilityQuery,
  CheckAvailabilityQueryVariables,
  PlaceOrderMutation,
  PlaceOrderMutationVariables,
  PayOrderMutation,
  PayOrderMutationVariables,
  CancelOrderMutation,
  CancelOrderMutationVariables,
  OrderPageQuery,
  OrderPageQueryVariables,
  OrderStateQuery,
  OrderStateQueryVariables,
  MyOrdersQuery,
  MyOrdersQueryVariables,
} from './types.ts';

/** The mutation `Register` of clients/operations/account.graphql. */
export const Register: Operation<RegisterMutation, RegisterMutationVariables> = {
  name: 'Register',
  type: 'mutation',
  id: '17c9c8024356fba2281d8c4da7caa14c4a930acbae6c09f8dc6f9b0beab72357',
  body: `mutation Register($input:RegisterInput!){register(input:$input){__typename ...on RegisterSuccess{user{...Account}tokens{...SessionTokens}}...on InvalidInput{issues{path message}}...on UserError{code message}}}fragment Account on User{id email name phone role active createdAt updatedAt}fragment SessionTokens on AuthTokens{accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt}`,
};

/** The mutation `Login` of clients/operations/account.graphql. */
export const Login: Operation<LoginMutation, LoginMutationVariables> = {
  name: 'Login',
  type: 'mutation',
  id: 'a3c4fe198d79f05b89e26648bb5faba7e9c4bd505917ab4cd042d4eb657e2e46',
  body: `mutation Login($input:LoginInput!){login(input:$input){__typename ...on LoginSuccess{user{...Account}tokens{...SessionTokens}}...on TooManyAttempts{retryAt}...on UserError{code message}}}fragment Account on User{id email name phone role active createdAt updatedAt}fragment SessionTokens on AuthTokens{accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt}`,
};

/** The mutation `RefreshSession` of clients/operations/account.graphql. */
export const RefreshSession: Operation<RefreshSessionMutation, RefreshSessionMutationVariables> = {
  name: 'RefreshSession',
  type: 'mutation',
  id: '645a51330c9871605c90b629093fdaa75aa495d19f931539c278b02a54742600',
  body: `mutation RefreshSession($input:RefreshSessionInput!){refreshSession(input:$input){__typename ...on RefreshSessionSuccess{tokens{...SessionTokens}}...on UserError{code message}}}fragment SessionTokens on AuthTokens{accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt}`,
};

/** The mutation `Logout` of clients/operations/account.graphql. */
export const Logout: Operation<LogoutMutation, LogoutMutationVariables> = {
  name: 'Logout',
  type: 'mutation',
  id: 'e77d3739d522165b43ad9c96204987974061699cf802a9e6a65c65996cc4a23e',
  body: `mutation Logout($input:LogoutInput!){logout(input:$input){__typename ...on LogoutSuccess{ok}}}`,
};

/** The query `Me` of clients/operations/account.graphql. */
export const Me: Operation<MeQuery, MeQueryVariables> = {
  name: 'Me',
  type: 'query',
  id: 'd25395add41f207b548a60821c13f502ac20b17c177713799346122e35f154e4',
  body: `query Me{me{...Account}}fragment Account on User{id email name phone role active createdAt updatedAt}`,
};

/** The query `MySessions` of clients/operations/account.graphql. */
export const MySessions: Operation<MySessionsQuery, MySessionsQueryVariables> = {
  name: 'MySessions',
  type: 'query',
  id: '0dc1f78bb85a7af2ab608d6537e5afbd76e297bc5776af94a1a4080b80931c55',
  body: `query MySessions{me{id sessions{id createdAt lastUsedAt expiresAt userAgent ipAddress current}}}`,
};

/** The mutation `UpdateProfile` of clients/operations/account.graphql. */
export const UpdateProfile: Operation<UpdateProfileMutation, UpdateProfileMutationVariables> = {
  name: 'UpdateProfile',
  type: 'mutation',
  id: '9f069a4cb4649718e9cf132af23596e87bb55edf3275e412b69e1e35d69070e5',
  body: `mutation UpdateProfile($input:UpdateProfileInput!){updateProfile(input:$input){__typename ...on UpdateProfileSuccess{user{...Account}}...on InvalidInput{issues{path message}}...on UserError{code message}}}fragment Account on User{id email name phone role active createdAt updatedAt}`,
};

/** The mutation `ChangePassword` of clients/operations/account.graphql. */
export const ChangePassword: Operation<ChangePasswordMutation, ChangePasswordMutationVariables> = {
  name: 'ChangePassword',
  type: 'mutation',
  id: '41c860df0f6288f5e57f3317b8a2afac5811c9ee743ac5c2d897d7b68979a55c',
  body: `mutation ChangePassword($input:ChangePasswordInput!){changePassword(input:$input){__typename ...on ChangePasswordSuccess{user{...Account}}...on InvalidInput{issues{path message}}...on TooManyAttempts{retryAt}...on UserError{code message}}}fragment Account on User{id email name phone role active createdAt updatedAt}`,
};

/** The mutation `RevokeSession` of clients/operations/account.graphql. */
export const RevokeSession: Operation<RevokeSessionMutation, RevokeSessionMutationVariables> = {
  name: 'RevokeSession',
  type: 'mutation',
  id: 'a9bd005612d77201dbceca3ff82906e1363b1376025685ceedba98c06e4c6275',
  body: `mutation RevokeSession($input:RevokeSessionInput!){revokeSession(input:$input){__typename ...on RevokeSessionSuccess{sessionId}...on NotFound{id}...on UserError{code message}}}`,
};

/** The mutation `RevokeAllSessions` of clients/operations/account.graphql. */
export const RevokeAllSessions: Operation<RevokeAllSessionsMutation, RevokeAllSessionsMutationVariables> = {
  name: 'RevokeAllSessions',
  type: 'mutation',
  id: '442a623a3ced5405ccabf80897327b1e7e6ae4fa1635cfc60b89aa628bcf4f2b',
  body: `mutation RevokeAllSessions{revokeAllSessions{__typename ...on RevokeAllSessionsSuccess{revoked}}}`,
};

/** The mutation `DeleteAccount` of clients/operations/account.graphql. */
export const DeleteAccount: Operation<DeleteAccountMutation, DeleteAccountMutationVariables> = {
  name: 'DeleteAccount',
  type: 'mutation',
  id: 'efb29dbbc5a5e874add5eb9e00581b7626f9c4a7252e765e0c17ca0892332d92',
  body: `mutation DeleteAccount($input:DeleteAccountInput!){deleteAccount(input:$input){__typename ...on DeleteAccountSuccess{userId}...on InvalidInput{issues{path message}}...on TooManyAttempts{retryAt}...on UserError{code message}}}`,
};

/** The query `ListUsers` of clients/operations/back-office-accounts.graphql. */
export const ListUsers: Operation<ListUsersQuery, ListUsersQueryVariables> = {
  name: 'ListUsers',
  type: 'query',
  id: 'c8f681b82cec1c0da779bd8d3be9132bba6e7cdb09ec47a22cc775bf44e8220c',
  body: `query ListUsers($first:Int$after:String$last:Int$before:String$filter:UserFilter){users(first:$first after:$after last:$last before:$before filter:$filter){nodes{...Account}pageInfo{...Page}totalCount}}fragment Account on User{id email name phone role active createdAt updatedAt}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `UserPage` of clients/operations/back-office-accounts.graphql. */
export const UserPage: Operation<UserPageQuery, UserPageQueryVariables> = {
  name: 'UserPage',
  type: 'query',
  id: 'dcd4e7a22dc9085b83965fa40a682867656a29a6451407f227078ae9939a710f',
  body: `query UserPage($id:ID!$orders:Int=10){user(id:$id){...Account orders(first:$orders){nodes{...OrderSummary}totalCount}}}fragment Account on User{id email name phone role active createdAt updatedAt}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}`,
};

/** The mutation `SetUserRole` of clients/operations/back-office-accounts.graphql. */
export const SetUserRole: Operation<SetUserRoleMutation, SetUserRoleMutationVariables> = {
  name: 'SetUserRole',
  type: 'mutation',
  id: 'af28d3c0adaa7e878f4b245946d4fedd77cc20cde7e322473ea08cb994a631dc',
  body: `mutation SetUserRole($input:SetUserRoleInput!){setUserRole(input:$input){__typename ...on SetUserRoleSuccess{user{...Account}}...on InvalidInput{issues{path message}}...on NotFound{id}...on UserError{code message}}}fragment Account on User{id email name phone role active createdAt updatedAt}`,
};

/** The mutation `SetUserActive` of clients/operations/back-office-accounts.graphql. */
export const SetUserActive: Operation<SetUserActiveMutation, SetUserActiveMutationVariables> = {
  name: 'SetUserActive',
  type: 'mutation',
  id: 'e1c9cdbd8f1235e397303de0172f88f0c157a3c546de1d0f2d1559ca33c9cf18',
  body: `mutation SetUserActive($input:SetUserActiveInput!){setUserActive(input:$input){__typename ...on SetUserActiveSuccess{user{...Account}}...on InvalidInput{issues{path message}}...on NotFound{id}...on UserError{code message}}}fragment Account on User{id email name phone role active createdAt updatedAt}`,
};

/** The query `ListCatalogue` of clients/operations/back-office-catalogue.graphql. */
export const ListCatalogue: Operation<ListCatalogueQuery, ListCatalogueQueryVariables> = {
  name: 'ListCatalogue',
  type: 'query',
  id: 'f8968e7b11ca138e0d09e92f30ad9d2e1962f0196aa299c6c2425bf47875eea2',
  body: `query ListCatalogue($first:Int$after:String$last:Int$before:String$filter:ProductFilter$sort:ProductSort){products(first:$first after:$after last:$last before:$before filter:$filter sort:$sort){nodes{...ProductDetails}pageInfo{...Page}totalCount}}fragment ProductDetails on Product{...ProductCard description category{id slug name parent{id slug name}}onSale version createdAt updatedAt}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The mutation `CreateProduct` of clients/operations/back-office-catalogue.graphql. */
export const CreateProduct: Operation<CreateProductMutation, CreateProductMutationVariables> = {
  name: 'CreateProduct',
  type: 'mutation',
  id: '54cdc793ce9341c3b7f46aec2fe159baef3e03d53efdcdea687408e10260aa65',
  body: `mutation CreateProduct($input:CreateProductInput!){createProduct(input:$input){__typename ...on CreateProductSuccess{product{...ProductDetails}}...on InvalidInput{issues{path message}}...on SkuTaken{sku}...on NotFound{id}...on UserError{code message}}}fragment ProductDetails on Product{...ProductCard description category{id slug name parent{id slug name}}onSale version createdAt updatedAt}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}`,
};

/** The mutation `UpdateProduct` of clients/operations/back-office-catalogue.graphql. */
export const UpdateProduct: Operation<UpdateProductMutation, UpdateProductMutationVariables> = {
  name: 'UpdateProduct',
  type: 'mutation',
  id: 'f008147caaa3a8e2f84d11e2df09f6217b5ed7627fb9c4e069a2c8a1fb0f4463',
  body: `mutation UpdateProduct($input:UpdateProductInput!){updateProduct(input:$input){__typename ...on UpdateProductSuccess{product{...ProductDetails}}...on InvalidInput{issues{path message}}...on NotFound{id}...on SkuTaken{sku}...on VersionConflict{currentVersion}...on UserError{code message}}}fragment ProductDetails on Product{...ProductCard description category{id slug name parent{id slug name}}onSale version createdAt updatedAt}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}`,
};

/** The mutation `DeleteProduct` of clients/operations/back-office-catalogue.graphql. */
export const DeleteProduct: Operation<DeleteProductMutation, DeleteProductMutationVariables> = {
  name: 'DeleteProduct',
  type: 'mutation',
  id: '1fb0e2bcd4b9a67d31d64808daf89195145c97059c320e67521acd97443e5f55',
  body: `mutation DeleteProduct($input:DeleteProductInput!){deleteProduct(input:$input){__typename ...on DeleteProductSuccess{product{...ProductDetails}}...on NotFound{id}...on UserError{code message}}}fragment ProductDetails on Product{...ProductCard description category{id slug name parent{id slug name}}onSale version createdAt updatedAt}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}`,
};

/** The mutation `CreateCategory` of clients/operations/back-office-catalogue.graphql. */
export const CreateCategory: Operation<CreateCategoryMutation, CreateCategoryMutationVariables> = {
  name: 'CreateCategory',
  type: 'mutation',
  id: '0b17b7494f6465f29c52733c093825f3fddd75f276f5bc3b6c2216b48ac34e4f',
  body: `mutation CreateCategory($input:CreateCategoryInput!){createCategory(input:$input){__typename ...on CreateCategorySuccess{category{id slug name parent{id slug}}}...on InvalidInput{issues{path message}}...on SlugTaken{slug}...on NotFound{id}...on UserError{code message}}}`,
};

/** The query `FindProductsBySku` of clients/operations/back-office-files.graphql. */
export const FindProductsBySku: Operation<FindProductsBySkuQuery, FindProductsBySkuQueryVariables> = {
  name: 'FindProductsBySku',
  type: 'query',
  id: '51ea93c9c033e7a6ad7e02e6a9e5dc68a39617e403b8b3210a7fdf05ad2ca47a',
  body: `query FindProductsBySku($sku0:String!=""$sku1:String!=""$sku2:String!=""$sku3:String!=""$sku4:String!=""$sku5:String!=""$sku6:String!=""$sku7:String!=""$sku8:String!=""$sku9:String!=""$sku10:String!=""$sku11:String!=""$sku12:String!=""$sku13:String!=""$sku14:String!=""$sku15:String!=""$stock:Boolean!=false){product0:productBySku(sku:$sku0){...ProductFileRow}product1:productBySku(sku:$sku1){...ProductFileRow}product2:productBySku(sku:$sku2){...ProductFileRow}product3:productBySku(sku:$sku3){...ProductFileRow}product4:productBySku(sku:$sku4){...ProductFileRow}product5:productBySku(sku:$sku5){...ProductFileRow}product6:productBySku(sku:$sku6){...ProductFileRow}product7:productBySku(sku:$sku7){...ProductFileRow}product8:productBySku(sku:$sku8){...ProductFileRow}product9:productBySku(sku:$sku9){...ProductFileRow}product10:productBySku(sku:$sku10){...ProductFileRow}product11:productBySku(sku:$sku11){...ProductFileRow}product12:productBySku(sku:$sku12){...ProductFileRow}product13:productBySku(sku:$sku13){...ProductFileRow}product14:productBySku(sku:$sku14){...ProductFileRow}product15:productBySku(sku:$sku15){...ProductFileRow}}fragment ProductFileRow on Product{id sku name description price{...Price}category{id slug}imageUrl onSale version inventory@include(if:$stock){onHand}}fragment Price on Money{amount currencyCode}`,
};

/** The query `ExportCatalogue` of clients/operations/back-office-files.graphql. */
export const ExportCatalogue: Operation<ExportCatalogueQuery, ExportCatalogueQueryVariables> = {
  name: 'ExportCatalogue',
  type: 'query',
  id: '8f1d25845458cb0ce0fe3edcd53cf0639f66b7e452f4a8be011581cc6af5780d',
  body: `query ExportCatalogue($first:Int$after:String$filter:ProductFilter$stock:Boolean!=true){products(first:$first after:$after filter:$filter sort:{field:CREATED_AT direction:ASC}){nodes{...ProductFileRow}pageInfo{...Page}}}fragment ProductFileRow on Product{id sku name description price{...Price}category{id slug}imageUrl onSale version inventory@include(if:$stock){onHand}}fragment Price on Money{amount currencyCode}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `ListOrders` of clients/operations/back-office-orders.graphql. */
export const ListOrders: Operation<ListOrdersQuery, ListOrdersQueryVariables> = {
  name: 'ListOrders',
  type: 'query',
  id: 'de0882e0ef9057e630337f3a022caa562a548313ca48a7f81eb30f43db08c036',
  body: `query ListOrders($first:Int$after:String$last:Int$before:String$filter:OrderFilter){orders(first:$first after:$after last:$last before:$before filter:$filter){nodes{...OrderSummary customer{id name email}}pageInfo{...Page}totalCount}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `OrderFile` of clients/operations/back-office-orders.graphql. */
export const OrderFile: Operation<OrderFileQuery, OrderFileQueryVariables> = {
  name: 'OrderFile',
  type: 'query',
  id: '235802ac0c0bc229582c03b7cbe8d8a04cf4c085d04ea20956d2e625bb15bf87',
  body: `query OrderFile($id:ID!){order(id:$id){...OrderDetails customer{...Account}}}fragment OrderDetails on Order{...OrderSummary items{...OrderLine product{id imageUrl inStock}}shippingAddress{...PostalAddress}billingAddress{...PostalAddress}payments{...PaymentAttempt}history{id type fromStatus toStatus reason actorId at}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment OrderLine on OrderItem{id sku name unitPrice{...Price}quantity lineTotal{...Price}}fragment PostalAddress on Address{recipient street city state postalCode country}fragment PaymentAttempt on Payment{id status amount{...Price}refunded{...Price}method failureReason createdAt}fragment Account on User{id email name phone role active createdAt updatedAt}`,
};

/** The mutation `UpdateOrderStatus` of clients/operations/back-office-orders.graphql. */
export const UpdateOrderStatus: Operation<UpdateOrderStatusMutation, UpdateOrderStatusMutationVariables> = {
  name: 'UpdateOrderStatus',
  type: 'mutation',
  id: 'f8beda94f39ff48de0b4dc4d15c45d806eff9a06d337d3f78063a2f61cabd9b9',
  body: `mutation UpdateOrderStatus($input:UpdateOrderStatusInput!){updateOrderStatus(input:$input){__typename ...on UpdateOrderStatusSuccess{order{...OrderSummary}}...on InvalidInput{issues{path message}}...on NotFound{id}...on InvalidTransition{from to}...on UserError{code message}}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}`,
};

/** The mutation `RefundOrder` of clients/operations/back-office-orders.graphql. */
export const RefundOrder: Operation<RefundOrderMutation, WithOptionalKey<RefundOrderMutationVariables>> = {
  name: 'RefundOrder',
  type: 'mutation',
  id: '090f19ae8b997af1d514b22a1cde76992044ff715b33e5e25a42927f1b2cc5be',
  takesIdempotencyKey: true,
  body: `mutation RefundOrder($input:RefundOrderInput!){refundOrder(input:$input){__typename ...on RefundOrderSuccess{order{...OrderSummary}payment{...PaymentAttempt}}...on InvalidInput{issues{path message}}...on NotFound{id}...on InvalidTransition{from to}...on RefundTooLarge{refundable{...Price}}...on UserError{code message}}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment PaymentAttempt on Payment{id status amount{...Price}refunded{...Price}method failureReason createdAt}`,
};

/** The mutation `AdjustStock` of clients/operations/back-office-stock.graphql. */
export const AdjustStock: Operation<AdjustStockMutation, WithOptionalKey<AdjustStockMutationVariables>> = {
  name: 'AdjustStock',
  type: 'mutation',
  id: 'c29ea788a83ac7487616f958b8bdb2e0887787cc447ab9ddcff1963788378c1e',
  takesIdempotencyKey: true,
  body: `mutation AdjustStock($input:AdjustStockInput!){adjustStock(input:$input){__typename ...on AdjustStockSuccess{product{...ProductCard inventory{...Stock}}movement{...Movement}}...on InvalidInput{issues{path message}}...on NotFound{id}...on InsufficientStock{available}...on UserError{code message}}}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}fragment Stock on Inventory{onHand reserved available}fragment Movement on StockMovement{id type onHandDelta reservedDelta onHandAfter reservedAfter reason orderId actorId createdAt}`,
};

/** The query `LowStock` of clients/operations/back-office-stock.graphql. */
export const LowStock: Operation<LowStockQuery, LowStockQueryVariables> = {
  name: 'LowStock',
  type: 'query',
  id: 'bc2a5c3dff8b9b2666bd733420036db7254438e3b7ebdee5c7aa6144179c99a9',
  body: `query LowStock($threshold:Int!=10$first:Int$after:String){lowStock(threshold:$threshold first:$first after:$after){nodes{...ProductCard inventory{...Stock}}pageInfo{...Page}totalCount}}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}fragment Stock on Inventory{onHand reserved available}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `InventoryLedger` of clients/operations/back-office-stock.graphql. */
export const InventoryLedger: Operation<InventoryLedgerQuery, InventoryLedgerQueryVariables> = {
  name: 'InventoryLedger',
  type: 'query',
  id: 'b186bef9f512a8df15b8d6a61b31a7f5fcfbe878f8e4104642030e62d661715b',
  body: `query InventoryLedger($productId:ID!$first:Int$after:String){product(id:$productId){id sku name inventory{...Stock movements(first:$first after:$after){nodes{...Movement}pageInfo{...Page}totalCount}}}}fragment Stock on Inventory{onHand reserved available}fragment Movement on StockMovement{id type onHandDelta reservedDelta onHandAfter reservedAfter reason orderId actorId createdAt}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `SearchProducts` of clients/operations/catalogue.graphql. */
export const SearchProducts: Operation<SearchProductsQuery, SearchProductsQueryVariables> = {
  name: 'SearchProducts',
  type: 'query',
  id: '0dcab75bd39d7de54c10b9f06d730550861eb5895c3904e40eecd38556e76a85',
  body: `query SearchProducts($first:Int$after:String$last:Int$before:String$filter:ProductFilter$sort:ProductSort){products(first:$first after:$after last:$last before:$before filter:$filter sort:$sort){nodes{...ProductCard}pageInfo{...Page}}}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `CountProducts` of clients/operations/catalogue.graphql. */
export const CountProducts: Operation<CountProductsQuery, CountProductsQueryVariables> = {
  name: 'CountProducts',
  type: 'query',
  id: 'a66ed4c8705b6c97b0fcb83471b69a533aa70689dbfae5d1007d4caa48f87290',
  body: `query CountProducts($filter:ProductFilter){products(first:1 filter:$filter){totalCount}}`,
};

/** The query `CategoryTree` of clients/operations/catalogue.graphql. */
export const CategoryTree: Operation<CategoryTreeQuery, CategoryTreeQueryVariables> = {
  name: 'CategoryTree',
  type: 'query',
  id: '6b8cb355b6942d8abce3f8fe2da5834370251459f45af2f44c86e5d111893c72',
  body: `query CategoryTree{categories{id slug name parent{id slug}}}`,
};

/** The query `CategoryPage` of clients/operations/catalogue.graphql. */
export const CategoryPage: Operation<CategoryPageQuery, CategoryPageQueryVariables> = {
  name: 'CategoryPage',
  type: 'query',
  id: 'ddc529e8d643708e5b68999ed1489b1769357b4cd70da9646b4648e70643ef78',
  body: `query CategoryPage($slug:String!$first:Int$after:String$sort:ProductSort){category(slug:$slug){id slug name parent{id slug name}children{id slug name}products(first:$first after:$after sort:$sort){nodes{...ProductCard}pageInfo{...Page}totalCount}}}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};

/** The query `ProductPage` of clients/operations/catalogue.graphql. */
export const ProductPage: Operation<ProductPageQuery, ProductPageQueryVariables> = {
  name: 'ProductPage',
  type: 'query',
  id: '2f47a19de534fcfe90a8eb1bd2d2cbd4fcff41ecc40668b0e881ff8ffdbbb79f',
  body: `query ProductPage($id:ID!){product(id:$id){...ProductDetails}}fragment ProductDetails on Product{...ProductCard description category{id slug name parent{id slug name}}onSale version createdAt updatedAt}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}`,
};

/** The query `ProductBySku` of clients/operations/catalogue.graphql. */
export const ProductBySku: Operation<ProductBySkuQuery, ProductBySkuQueryVariables> = {
  name: 'ProductBySku',
  type: 'query',
  id: '606208d87c0e8ceb03d395dd6f9bb4c858ad9645e8807f15a3329fbca44028f9',
  body: `query ProductBySku($sku:String!){productBySku(sku:$sku){...ProductDetails}}fragment ProductDetails on Product{...ProductCard description category{id slug name parent{id slug name}}onSale version createdAt updatedAt}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}`,
};

/** The query `CheckAvailability` of clients/operations/catalogue.graphql. */
export const CheckAvailability: Operation<CheckAvailabilityQuery, CheckAvailabilityQueryVariables> = {
  name: 'CheckAvailability',
  type: 'query',
  id: 'd37cfe02e756535b17ab57f86b601ae139ddccef79054b531506a75c71a98188',
  body: `query CheckAvailability($items:[AvailabilityInput!]!){availability(items:$items){productId requested available ok product{...ProductCard}}}fragment ProductCard on Product{id sku name price{...Price}imageUrl availableQuantity inStock}fragment Price on Money{amount currencyCode}`,
};

/** The mutation `PlaceOrder` of clients/operations/orders.graphql. */
export const PlaceOrder: Operation<PlaceOrderMutation, WithOptionalKey<PlaceOrderMutationVariables>> = {
  name: 'PlaceOrder',
  type: 'mutation',
  id: '3db6d76582e265d865d3970e16d42234d001fc0aa7e1b338e3c86f1ee58caa5d',
  takesIdempotencyKey: true,
  body: `mutation PlaceOrder($input:PlaceOrderInput!){placeOrder(input:$input){__typename ...on PlaceOrderSuccess{order{...OrderSummary items{...OrderLine}}}...on InvalidInput{issues{path message}}...on ProductUnavailable{productId}...on PriceChanged{total{...Price}}...on UserError{code message}}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment OrderLine on OrderItem{id sku name unitPrice{...Price}quantity lineTotal{...Price}}`,
};

/** The mutation `PayOrder` of clients/operations/orders.graphql. */
export const PayOrder: Operation<PayOrderMutation, WithOptionalKey<PayOrderMutationVariables>> = {
  name: 'PayOrder',
  type: 'mutation',
  id: 'c3ee1d1da5b38d34e160fa3676e12c4ed5239bb6a61fded363d22c5089e423ef',
  takesIdempotencyKey: true,
  body: `mutation PayOrder($input:PayOrderInput!){payOrder(input:$input){__typename ...on PayOrderSuccess{order{...OrderSummary}payment{...PaymentAttempt}}...on InvalidInput{issues{path message}}...on NotFound{id}...on InvalidTransition{from to}...on PaymentDeclined{payment{...PaymentAttempt}}...on UserError{code message}}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment PaymentAttempt on Payment{id status amount{...Price}refunded{...Price}method failureReason createdAt}`,
};

/** The mutation `CancelOrder` of clients/operations/orders.graphql. */
export const CancelOrder: Operation<CancelOrderMutation, CancelOrderMutationVariables> = {
  name: 'CancelOrder',
  type: 'mutation',
  id: '003455993d79114ffd6890f687c18dee6a53d0fb6d52be26d150afe1cd25bbcf',
  body: `mutation CancelOrder($input:CancelOrderInput!){cancelOrder(input:$input){__typename ...on CancelOrderSuccess{order{...OrderSummary}}...on InvalidInput{issues{path message}}...on NotFound{id}...on InvalidTransition{from to}...on UserError{code message}}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}`,
};

/** The query `OrderPage` of clients/operations/orders.graphql. */
export const OrderPage: Operation<OrderPageQuery, OrderPageQueryVariables> = {
  name: 'OrderPage',
  type: 'query',
  id: '7e4f573a83b51f3e75c7bccbb01bd7d2f4949230bad1e1924922c287561a1039',
  body: `query OrderPage($id:ID!){order(id:$id){...OrderDetails}}fragment OrderDetails on Order{...OrderSummary items{...OrderLine product{id imageUrl inStock}}shippingAddress{...PostalAddress}billingAddress{...PostalAddress}payments{...PaymentAttempt}history{id type fromStatus toStatus reason actorId at}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment OrderLine on OrderItem{id sku name unitPrice{...Price}quantity lineTotal{...Price}}fragment PostalAddress on Address{recipient street city state postalCode country}fragment PaymentAttempt on Payment{id status amount{...Price}refunded{...Price}method failureReason createdAt}`,
};

/** The query `OrderState` of clients/operations/orders.graphql. */
export const OrderState: Operation<OrderStateQuery, OrderStateQueryVariables> = {
  name: 'OrderState',
  type: 'query',
  id: 'bdb77d6dc34fd280737845b1ae860a9816944adecfdf85f1c21cad31e79cf95b',
  body: `query OrderState($id:ID!){order(id:$id){...OrderSummary}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}`,
};

/** The query `MyOrders` of clients/operations/orders.graphql. */
export const MyOrders: Operation<MyOrdersQuery, MyOrdersQueryVariables> = {
  name: 'MyOrders',
  type: 'query',
  id: 'ac6dbcd79a635e61e8100c8c4c5a8101325f98fe083c6b00e03ca5af14947635',
  body: `query MyOrders($first:Int$after:String$last:Int$before:String$filter:OrderFilter){me{id orders(first:$first after:$after last:$last before:$before filter:$filter){nodes{...OrderSummary items{id name quantity}}pageInfo{...Page}totalCount}}}fragment OrderSummary on Order{id number status statusReason total{...Price}reservedUntil trackingNumber placedAt updatedAt}fragment Price on Money{amount currencyCode}fragment Page on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}`,
};
