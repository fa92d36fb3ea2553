import { Group, Text } from "@mantine/core";

export function Logo({ size = 24, bare = false }: { size?: number; bare?: boolean }) {
  return (
    <Group gap={9} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#3b5bdb" />
        <path d="M9 10l7 6 7-6M16 16v8" stroke="#fff" strokeWidth="2.5" fill="none" strokeLinecap="round" strokeLinejoin="round" />
        {[[9, 10], [23, 10], [16, 24]].map(([x, y]) => (
          <circle key={`${x} ${y}`} cx={x} cy={y} r="3" fill="#fff" />
        ))}
      </svg>
      {!bare && (
        <Text fw={680} fz={size * 0.68} lts="-0.01em">
          Casegraph
        </Text>
      )}
    </Group>
  );
}
