import * as extensions from './purchase/random-extensions';
import { testRandomly } from './purchase/random-test';

jest.mock('../../lambda/shared/logger');

testRandomly('EXTENSION_SCHEDULES', 500, extensions.KIND);
