using OrleansRec.Simulation;
var range = new SeedRange();
var clock = System.Diagnostics.Stopwatch.StartNew();
var by = new SortedDictionary<string, int>();
range.Run(ulong.Parse(args[0]), int.Parse(args[1]), 2, null, r => { if (r.Violation is { } v) { by[v.Check] = by.GetValueOrDefault(v.Check) + 1; Console.WriteLine($"{r.Seed} {v}"[..Math.Min(400, $"{r.Seed} {v}".Length)]); } return true; });
Console.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s, {range.Events} events {string.Join(", ", by)}; rarest {range.Rarest}; missed {range.Missed.Count}");
