/** What a sender needs of the key of an encrypted topic or queue. */
export const SENDING = ['kms:Decrypt', 'kms:GenerateDataKey'];
