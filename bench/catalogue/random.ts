export { createRandom, type Random } from '@shop/testing';
