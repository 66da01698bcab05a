namespace OrleansRec.Model.Sequence.Training;

/// <summary>Work in parts that may run in any order and on any threads.</summary>
/// <param name="Count">Parts.</param>
/// <param name="Part">Does the part of a number 0 … Count − 1.</param>
public readonly record struct SequenceStage(int Count, Action<int> Part);
