/** What the functions of this auction share. Amounts are whole cents. */
export interface Lot {
  id: string;
  title: string;
  status: "open" | "closed";
  highest: number;
  winner: string | null;
  closesAt: string;
}

export const STEP = 100;
