// What the load run takes from the tests, which are TypeScript.
export { FakeAws } from '../aws/server';
export { Throttle } from '../aws/throttle';
export { EventMaker } from '../driver/events';
export { reading } from '../driver/lookup-properties';
export { ResponseReceiver } from '../driver/receiver';
export { LAMBDA_CREDENTIALS } from '../driver/secrets';
