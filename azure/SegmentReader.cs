using OrleansRec.Contracts;

namespace OrleansRec.Azure;

/// <summary>Reads a segment.</summary>
internal static class SegmentReader
{
    /// <exception cref="CorruptStoreException">A block does not match its checksum.</exception>
    public static List<LogFrame> Frames(string stream, Segment segment, byte[] bytes)
    {
        try
        {
            return [.. LogFrame.ReadAll(bytes)];
        }
        catch (InvalidDataException e)
        {
            throw new CorruptStoreException($"The log of stream '{stream}', segment {segment.Number} from record {segment.FirstSequence}: {e.Message}.");
        }
    }

    /// <summary>The batches whose last part is there, with their parts put together.</summary>
    public static IEnumerable<LogBatch> Batches(string stream, Segment segment, byte[] bytes)
    {
        var parts = new List<LogFrame>();
        foreach (LogFrame frame in Frames(stream, segment, bytes))
        {
            // Parts without an end are those of a writer that was fenced off in the middle of a batch.
            if (frame.Kind != FrameKind.Batch || (parts.Count > 0 && (parts[0].Epoch, parts[0].Sequence) != (frame.Epoch, frame.Sequence)))
                parts.Clear();
            if (frame.Kind != FrameKind.Batch)
                continue;
            parts.Add(frame);
            if (!frame.IsLastPart)
                continue;
            yield return new(stream, frame.Epoch, frame.Sequence, (int)frame.Count, parts.Count == 1 ? frame.Content : Join(parts));
            parts.Clear();
        }
    }

    private static byte[] Join(List<LogFrame> parts)
    {
        byte[] content = new byte[parts.Sum(part => part.Content.Length)];
        int at = 0;
        foreach (LogFrame part in parts)
        {
            part.Content.CopyTo(content.AsMemory(at));
            at += part.Content.Length;
        }
        return content;
    }
}
