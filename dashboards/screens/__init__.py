"""One module a page. (A folder ``pages`` beside the entry would be taken for scripts by Streamlit.)"""
