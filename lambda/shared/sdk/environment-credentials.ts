import type { AwsCredentialIdentity } from '@smithy/types';

/**
 * Stands in for the SDK's chain of credential providers when handlers are bundled.
 *
 * Lambda hands the credentials of its role over in the environment, and they hold as long as the sandbox lives. The
 * chain would look there too, after 135 KB of code about profiles, single sign-on and instance metadata has been loaded.
 */
export function defaultProvider(): () => Promise<AwsCredentialIdentity> {
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      throw new Error('Lambda gave no credentials in the environment');
    }
    return { accessKeyId, secretAccessKey, sessionToken };
  };
}
