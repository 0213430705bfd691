/** The scenarios of the examples and of test apps: each goes as it says, with permissions that its roles have. */
import { rehearseAndJudge } from './judge';
import { OF_OTHER_APPS } from './rehearse';

test.each(OF_OTHER_APPS)('%s', (file) => rehearseAndJudge(file), 180_000);
