/** A report in its frame: its name, what it says, its figures as a file. */

import { ActionIcon, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { download } from "../../session/files";
import type { Period } from "./period";
import css from "./reports.module.css";

interface Props {
  title: string;
  says?: string;
  report: string;
  by?: string;
  period: Period;
  wide?: boolean;
  children: ReactNode;
}

export function Card({ title, says, report, by, period, wide, children }: Props) {
  const asked = new URLSearchParams(report === "breachForecast" ? {} : { ...period });
  if (by) asked.set("by", by);
  const save = () =>
    download(`/reports/${report}.csv?${asked}`, `${report} ${period.from} ${period.to}.csv`).catch(() =>
      notifications.show({ color: "red", message: "The file could not be made." }),
    );
  return (
    <section className={`panel ${css.card}`} data-wide={wide || undefined} aria-label={title}>
      <header className={css.cardHead}>
        <div>
          <h2>{title}</h2>
          {says && <p>{says}</p>}
        </div>
        <Tooltip label="As a CSV file">
          <ActionIcon variant="subtle" color="gray" aria-label={`${title} as a CSV file`} onClick={save}>
            <Download size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </header>
      {children}
    </section>
  );
}
