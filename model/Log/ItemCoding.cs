namespace OrleansRec.Model.Blobs;

/// <summary>One catalogue record in a blob: a head of flags, the id, and what the flags say is there.</summary>
internal static class ItemCoding
{
    private const int Deleted = 1, HasTitle = 2, HasPrice = 4, HasStock = 8, Visible = 16, HasDetails = 32;

    /// <summary>The first format that has details, of logs as of snapshots.</summary>
    public const byte DetailsFormat = 2;

    public static void WriteDeleted(BlobWriter blob, string itemId)
    {
        blob.Byte(Deleted);
        blob.Text(itemId);
    }

    public static void Write(BlobWriter blob, TextDictionary labels, in LoggedItem item)
    {
        blob.Byte((byte)((item.Title is null ? 0 : HasTitle) | (item.Price is null ? 0 : HasPrice) | (item.Stock is null ? 0 : HasStock)
            | (item.Visible ? Visible : 0) | (item.Details is null ? 0 : HasDetails)));
        blob.Text(item.ItemId);
        if (item.Title is { } title)
            blob.Text(title);
        if (item.Price is { } price)
            blob.Double(price);
        if (item.Stock is { } stock)
            blob.Varint(Varint.ZigZag(stock));
        blob.Varint((ulong)item.Categories.Length);
        foreach (string category in item.Categories)
            labels.Write(blob, category);
        blob.Varint((ulong)item.Attributes.Length);
        foreach (var attribute in item.Attributes)
        {
            labels.Write(blob, attribute.Name);
            labels.Write(blob, attribute.Value);
        }
        if (item.Details is not { } details)
            return;
        blob.Needs(DetailsFormat);
        ItemDetailsCoding.Write(blob, labels, details);
    }

    public static ItemLogRecord Read(ref BlobReader blob, List<string> labels)
    {
        int head = blob.Byte();
        string itemId = blob.Text();
        if ((head & Deleted) != 0)
            return new(true, new(itemId, null, [], null, null, false, []));
        string? title = (head & HasTitle) != 0 ? blob.Text() : null;
        double? price = (head & HasPrice) != 0 ? blob.Double() : null;
        long? stock = (head & HasStock) != 0 ? blob.ZigZag() : null;
        var categories = new string[blob.Count(1, "categories")];
        for (int i = 0; i < categories.Length; i++)
            categories[i] = TextDictionary.Read(ref blob, labels);
        var attributes = new LoggedAttribute[blob.Count(2, "attributes")];
        for (int i = 0; i < attributes.Length; i++)
            attributes[i] = new(TextDictionary.Read(ref blob, labels), TextDictionary.Read(ref blob, labels));
        LoggedDetails? details = (head & HasDetails) != 0 ? ItemDetailsCoding.Read(ref blob, labels) : null;
        return new(false, new(itemId, title, categories, price, stock, (head & Visible) != 0, attributes, details));
    }
}
