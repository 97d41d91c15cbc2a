import { each, eachEntry, textsAt, matches, when } from '../decide';
import type { Findings, SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isCidr, isDeclaredName } from './syntax';

/** All of IPv6, however it is written. */
const ALL_OF_IPV6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*\/0$/;

/** An address of IPv4 within one of IPv6. */
const IPV4_WITHIN_IPV6 = /^[0-9a-fA-F:]*:[0-9]+\./;

/** Destinations that are declared: names of macros, networks and ports. */
export function checkDeclared({ egress }: Settings): SettingsFinding[] {
  return Object.entries(egress.declared).flatMap(([name, { networks = [], ports = [] }]) => {
    const path = ['egress', 'declared', name];
    return [
      ...(isDeclaredName(name)
        ? []
        : [{ path, message: `becomes the end of a macro's name; take small letters, digits and '_'` }]),
      ...(networks.length > 0 || ports.length > 0
        ? []
        : [{ path, message: `declares nothing; give it networks, ports or both` }]),
      ...networks.flatMap((network, index) =>
        isCidr(network)
          ? []
          : [
              {
                path: [...path, 'networks', index],
                message: `'${network}' is not a range of addresses; write one such as '10.0.0.0/8' or 'fd00::/8'`,
              },
            ],
      ),
      ...ports.flatMap((port, index) =>
        Number.isInteger(port) && port >= 1 && port <= 65535
          ? []
          : [
              {
                path: [...path, 'ports', index],
                message: `${port} is not a port; write a number from 1 to 65535`,
              },
            ],
      ),
    ];
  });
}

/** Networks that are some, and that Falco refuses. */
export function checkDeclaredNetworks({ egress }: Settings): Findings {
  return eachEntry(egress.declared, (name, destination) =>
    each(textsAt(destination, 'networks'), (network, index) => {
      const path = ['egress', 'declared', name, 'networks', index];
      return [
        when(matches(network, ALL_OF_IPV6), () => ({
          path,
          message: `'${network}' is all of IPv6, which Falco refuses as a network; write '2000::/3' for all public addresses, or leave networks out: ports alone fit any address`,
        })),
        when(matches(network, IPV4_WITHIN_IPV6), () => ({
          path,
          message: `'${network}' has an IPv4 address within one of IPv6, which Falco refuses; write the network of IPv4, such as '10.0.0.0/8', which fits both spellings`,
        })),
      ];
    }),
  );
}
