import * as purchases from './purchase/random-purchases';
import { testRandomly } from './purchase/random-test';

jest.mock('../../lambda/shared/logger');

testRandomly('PURCHASE_SCHEDULES', 1000, purchases.KIND);
