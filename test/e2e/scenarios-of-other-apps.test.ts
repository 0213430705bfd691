/** The scenarios of the examples and of test apps: each goes as it says, with permissions that its roles have. */
import { rehearseAndJudge } from './judge';
import { someOf } from '../thorough';
import { OF_OTHER_APPS } from './rehearse';

test.each(someOf('scenarios of other apps', OF_OTHER_APPS, 4, 3))('%s', (file) => rehearseAndJudge(file), 180_000);
