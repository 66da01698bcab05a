namespace OrleansRec.Model;

/// <summary>Rows that one worker solves at a time: a range, or long rows that are solved in step. Made by <see cref="HalfSweep.Divide"/>.</summary>
/// <param name="First">The first row of a range.</param>
/// <param name="End">Behind the last row of a range.</param>
/// <param name="InStep">Long rows, ascending; empty where this is a range, which then leaves the long rows out.</param>
public readonly record struct RowBatch(int First, int End, ReadOnlyMemory<int> InStep);
