import { testRandomly } from './purchase/campaign';
import { playRandom, POINTS, schedules } from './purchase/random-purchases';

jest.mock('../../lambda/shared/logger');

testRandomly({ variable: 'PURCHASE_SCHEDULES', count: 1000, points: POINTS, schedules, play: playRandom });
