/** Which addresses a check may reach. */
import { BlockList, isIP } from 'node:net';

const blocked = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  blocked.addSubnet(net, prefix, 'ipv4');
}
// Global unicast is 2000::/3; within it, 6to4 and Teredo may carry any IPv4 address inside.
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
blocked.addSubnet('2002::', 16, 'ipv6');
blocked.addSubnet('2001::', 32, 'ipv6');

/** Private, loopback, link-local (instance metadata), multicast and reserved addresses are not public. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !blocked.check(address, 'ipv4');
    case 6:
      return global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
    default:
      return false;
  }
}

const inNetworks = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inNetworks.addSubnet(net, prefix, 'ipv4');
}
inNetworks.addSubnet('fc00::', 7, 'ipv6');
// Unique local addresses at which AWS serves metadata and credentials, DNS and time.
const ofAws = new BlockList();
ofAws.addSubnet('fd00:ec2::', 32, 'ipv6');

/** What a function within a network of the user's may reach: public addresses and private ones, but never itself or metadata. */
export function isReachableInNetwork(address: string): boolean {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  return isPublicAddress(address) || (inNetworks.check(address, family) && !ofAws.check(address, family));
}
