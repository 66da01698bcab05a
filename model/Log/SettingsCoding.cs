namespace OrleansRec.Model.Blobs;

/// <summary>The settings of a user in a blob: flags, the age where there is one, the attributes.</summary>
internal static class SettingsCoding
{
    private const int Personalise = 1, Store = 2, HasAge = 4;

    public static void Write(BlobWriter blob, LoggedSettings settings)
    {
        blob.Byte((byte)((settings.MayPersonalise ? Personalise : 0) | (settings.MayStore ? Store : 0) | (settings.EventAgeMax is null ? 0 : HasAge)));
        if (settings.EventAgeMax is { } age)
            blob.Varint((ulong)age.Ticks);
        blob.Varint((ulong)settings.Attributes.Length);
        foreach (LoggedAttribute attribute in settings.Attributes)
        {
            blob.Text(attribute.Name);
            blob.Text(attribute.Value);
        }
    }

    public static LoggedSettings Read(ref BlobReader blob)
    {
        int flags = blob.Byte();
        TimeSpan? age = (flags & HasAge) != 0 ? new TimeSpan((long)blob.Varint()) : null;
        var attributes = new LoggedAttribute[blob.Count(2, "attributes")];
        for (int i = 0; i < attributes.Length; i++)
            attributes[i] = new(blob.Text(), blob.Text());
        return new((flags & Personalise) != 0, (flags & Store) != 0, age, attributes);
    }
}
