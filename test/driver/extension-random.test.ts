import { testRandomly } from './purchase/campaign';
import { playRandom, POINTS, schedules } from './purchase/random-extensions';

jest.mock('../../lambda/shared/logger');

testRandomly({ variable: 'EXTENSION_SCHEDULES', count: 500, points: POINTS, schedules, play: playRandom });
