/** What whoever puts something into an encrypted topic or queue needs of its key. */
export const SENDING = ['kms:Decrypt', 'kms:GenerateDataKey'];
