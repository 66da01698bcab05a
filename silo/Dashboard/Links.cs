namespace OrleansRec.Silo.Dashboard;

/// <summary>Addresses of pages. Ids stand in the query, because an id may hold any character, a slash or a dot too.</summary>
public static class Links
{
    public static string User(string userId) => "/dashboard/user?id=" + Uri.EscapeDataString(userId);

    public static string Item(string itemId) => "/dashboard/item?id=" + Uri.EscapeDataString(itemId);

    public static string Export(string userId) => "/dashboard/export?user=" + Uri.EscapeDataString(userId);
}
